/* contacts.h: people: the two lists and the profile. */
#ifndef CGI_CONTACTS_CONTACTS_H
#define CGI_CONTACTS_CONTACTS_H

#include "lib/http/http.h"

extern const struct app contacts_app;

handler contact_index, lead_index, contact_show;

#endif
