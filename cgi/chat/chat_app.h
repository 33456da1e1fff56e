/* chat_app.h: the public chat page. No login: the visitor's cookie is the key to the own conversation. */
#ifndef CGI_CHAT_CHAT_APP_H
#define CGI_CHAT_CHAT_APP_H

#include "lib/http/http.h"

extern const struct app chat_app;

handler chat_page, chat_frame, chat_post, chat_file_show;

#endif
