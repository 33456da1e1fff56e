#include "cgi/inbox/inbox.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &inbox_app);
}
