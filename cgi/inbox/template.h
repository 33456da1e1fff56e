/* template.h: approved templates: the list, the picker of a conversation, and conversations that we begin. */
#ifndef CGI_INBOX_TEMPLATE_H
#define CGI_INBOX_TEMPLATE_H

#include "cgi/inbox/inbox.h"

handler template_index, template_show, template_sync_post;
handler template_page, template_post;
handler begin_page, begin_post, begin_create;
extern const struct rec_type template_sync_type;

#endif
