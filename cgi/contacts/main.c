#include "cgi/contacts/contacts.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &contacts_app);
}
