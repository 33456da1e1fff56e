#include "cgi/pipeline/pipeline.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &pipeline_app);
}
