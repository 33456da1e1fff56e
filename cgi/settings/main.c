#include "cgi/settings/settings.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &settings_app);
}
