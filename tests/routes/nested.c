#include "tests/routes/nested.h"

#include "model/contact.h"
#include "model/conversation.h"
#include "model/deal.h"
#include "model/pipeline.h"
#include "model/tag.h"
#include "model/team.h"
#include "model/template.h"

#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define LIST_OF(members) "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{" members "}}}"

const struct nested nested_all[] = {
	{ &contact_type, "", "tags", &tag_of_type, NULL, "array of id, name, color", NULL },
	{ &contact_type, "", "identities", &identity_type, NULL, "array of id, kind, value, shown", "of one person; lists leave it out" },
	{ &conversation_type, "", "tags", &tag_of_type, NULL, "array of id, name, color", NULL },
	{ &deal_type, "", "tags", &deal_tag_row_type, NULL, "array of id, name, color", NULL },
	{ &pipeline_type, "", "stages", &stage_type, NULL, "array of stage", NULL },
	{ &team_type, "", "members", NULL, "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"uuid\"}}", "array of uuid", NULL },
	{ &message_type, "", "attachments", &attachment_type, NULL, "array of id, kind, name, mime, size, state, url", NULL },
	{ &message_type, "", "reactions", NULL, LIST_OF("\"emoji\":" TEXT ",\"actor\":" TEXT), "array of emoji, actor", NULL },
	{ &attachment_type, "", "url", NULL, TEXT_OR_NULL, "string", "null until it is stored" },
	{ &timeline_row_type, "", "changes", NULL, LIST_OF("\"field\":" TEXT ",\"old\":" TEXT_OR_NULL ",\"new\":" TEXT_OR_NULL), "array of field, old, new", NULL },
	{ &whatsapp_template_type, "", "unfit", NULL, TEXT_OR_NULL, "string", "why it cannot be sent from here" },
	{ NULL, "/contacts", "total", NULL, "{\"type\":\"integer\"}" },
	{ NULL, "/contacts", "total_more", NULL, "{\"type\":\"boolean\"}" },
	{ NULL, "/leads", "total", NULL, "{\"type\":\"integer\"}" },
	{ NULL, "/leads", "total_more", NULL, "{\"type\":\"boolean\"}" },
	{ NULL, "/events", "cursor", NULL, TEXT },
	{ .member = NULL },
};
