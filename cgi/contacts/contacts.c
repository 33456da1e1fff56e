#include "cgi/contacts/contacts.h"

#include "cgi/chrome.h"
#include "cgi/contacts/forms.h"
#include "model/perm.h"

/* The rows of one face of people. */
#define PEOPLE(p, index, many, one) \
	{ GET, p, index, CONTACT_READ, TX_READ, "contacts/list", R_LIST, .query = &contact_filter_type, .out = &contact_type, .doc = many }, \
	{ POST, p, contact_post, CONTACT_EDIT, TX_WRITE, NULL, .again = contact_new, .again_template = "contacts/edit", .in = &contact_input_type, .out = &contact_type, \
	    .doc = "Adds " one ". 409 when the phone or the e-mail is somebody's: Link leads to them" }, \
	{ GET, p "/new", contact_new, CONTACT_EDIT, TX_READ, "contacts/edit", R_PAGE, .doc = "Form" }, \
	{ POST, p "/bulk", contact_bulk, CONTACT_EDIT, TX_WRITE, NULL, .again = index, .again_template = "contacts/list", .in = &bulk_form_type, \
	    .doc = "Tags, untags or gives many people to a user" }, \
	{ GET, p "/:id", contact_show, CONTACT_READ, TX_READ, "contacts/show", .out = &contact_type, .doc = "One person with identities and tags" }, \
	{ PATCH, p "/:id", contact_patch, CONTACT_EDIT, TX_WRITE, NULL, R_API, .in = &contact_input_type, .out = &contact_type, \
	    .doc = "Changes fields; If-Match with the ETag of the version seen" }, \
	{ DELETE_, p "/:id", contact_drop, CONTACT_ADMIN, TX_WRITE, NULL, R_API, .doc = "Archives; everything about the person stays. If-Match as for PATCH" }, \
	{ POST, p "/:id", contact_update, CONTACT_EDIT, TX_WRITE, NULL, R_PAGE, .again = contact_edit, .again_template = "contacts/edit" }, \
	{ GET, p "/:id/edit", contact_edit, CONTACT_EDIT, TX_READ, "contacts/edit", R_PAGE, .doc = "Form" }, \
	{ GET, p "/:id/timeline", contact_history, CONTACT_READ, TX_READ, NULL, R_API | R_LIST, .out = &timeline_row_type, .doc = "What happened, newest first" }, \
	{ GET, p "/:id/convert", convert_show, CONTACT_EDIT, TX_READ, "contacts/convert", R_PAGE, .doc = "Form" }, \
	{ POST, p "/:id/convert", convert_post, CONTACT_EDIT, TX_WRITE, NULL, .again = convert_show, .again_template = "contacts/convert", .in = &contact_input_type, \
	    .out = &contact_type, .doc = "Makes a contact of a lead, with the fields that were missing; twice is once" }, \
	{ GET, p "/:id/lose", lose_show, CONTACT_EDIT, TX_READ, "contacts/lose", R_PAGE, .doc = "Form" }, \
	{ POST, p "/:id/lose", lose_post, CONTACT_EDIT, TX_WRITE, NULL, .again = lose_show, .again_template = "contacts/lose", .in = &lose_form_type, .out = &contact_type, \
	    .doc = "The lead is lost; why" }, \
	{ POST, p "/:id/qualify", qualify_post, CONTACT_EDIT, TX_WRITE, NULL, .again = contact_show, .again_template = "contacts/show", .out = &contact_type, .doc = "The lead is qualified" }, \
	{ POST, p "/:id/reopen", reopen_post, CONTACT_EDIT, TX_WRITE, NULL, .again = contact_show, .again_template = "contacts/show", .out = &contact_type, .doc = "The lead is new again" }, \
	{ POST, p "/:id/block", block_post, CONTACT_EDIT, TX_WRITE, NULL, .out = &contact_type, .doc = "What they write is kept and asks for nobody" }, \
	{ POST, p "/:id/unblock", unblock_post, CONTACT_EDIT, TX_WRITE, NULL, .out = &contact_type, .doc = "They count again" }, \
	{ POST, p "/:id/archive", archive_post, CONTACT_ADMIN, TX_WRITE, NULL, R_PAGE, .doc = "Archives" }, \
	{ POST, p "/:id/restore", restore_post, CONTACT_EDIT, TX_WRITE, NULL, .out = &contact_type, .doc = "Takes back out of the archive" }, \
	{ POST, p "/:id/owner", owner_post, CONTACT_EDIT, TX_WRITE, NULL, .again = contact_show, .again_template = "contacts/show", .in = &owner_form_type, .out = &contact_type, \
	    .doc = "Gives the person to a user, or to nobody" }, \
	{ POST, p "/:id/tags", tags_post, CONTACT_EDIT, TX_WRITE, NULL, .again = contact_show, .again_template = "contacts/show", .in = &tags_form_type, .out = &contact_type, \
	    .doc = "Adds tags and takes others away" }

static const struct route routes[] = {
	PEOPLE("/contacts", contact_index, "People registered by the team, with how many there are (counted to 1,000)", "a contact"),
	PEOPLE("/leads", lead_index, "People first seen on a channel, with how many there are (counted to 1,000)", "a lead"),
	{ GET, "/tags", tag_index, CONTACT_READ, TX_READ, "contacts/tags", R_LIST, .out = &tag_type, .doc = "All tags, with how often each is used" },
	{ POST, "/tags", tag_create, CONTACT_ADMIN, TX_WRITE, NULL, .again = tag_index, .again_template = "contacts/tags", .in = &tag_input_type, .out = &tag_type, .doc = "Adds a tag" },
	{ GET, "/tags/:id", tag_show, CONTACT_READ, TX_READ, NULL, R_API, .out = &tag_type, .doc = "One tag" },
	{ PATCH, "/tags/:id", tag_patch, CONTACT_ADMIN, TX_WRITE, NULL, R_API, .in = &tag_input_type, .out = &tag_type,
	    .doc = "Changes name, colour or category; If-Match with the ETag of the version seen" },
	{ DELETE_, "/tags/:id", tag_drop, CONTACT_ADMIN, TX_WRITE, NULL, R_API, .doc = "Takes a tag away, also from everything that has it. If-Match as for PATCH" },
	{ POST, "/tags/:id", tag_update, CONTACT_ADMIN, TX_WRITE, NULL, R_PAGE, .again = tag_index, .again_template = "contacts/tags" },
	{ POST, "/tags/:id/delete", tag_delete, CONTACT_ADMIN, TX_WRITE, NULL, R_PAGE, .again = tag_index, .again_template = "contacts/tags" },
};

const struct app contacts_app = { "contacts", "balcao_web", routes, nitems(routes), .perms = perms_of, .ahead = chrome_ahead, .chrome = chrome_fill };
