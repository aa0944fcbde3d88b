#define TOML_IMPLEMENTATION  // the parser is compiled here and nowhere else
#include "content/base/toml_parser.hpp"
