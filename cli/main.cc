// sothon: the command line of the village book.
#include "cli/app/command_line.h"

int main(int argc, char** argv) { return sothon::cli::RunCommandLine(argc, argv); }
