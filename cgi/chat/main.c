#include "cgi/chat/chat_app.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &chat_app);
}
