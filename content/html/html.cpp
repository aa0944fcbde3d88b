#include "content/html/html.hpp"

#include "content/base/markup.hpp"

namespace riverlight::html {

Attribute::Attribute(AttributeName name, std::string_view value)
    : markup_(' ' + std::string(name.text()) + "=\"" + markup_escaped(value) + '"') {}

Attribute Attribute::flag(AttributeName name, bool present) {
    Attribute attribute;
    if (present) attribute.markup_ = ' ' + std::string(name.text());
    return attribute;
}

void Html::append(std::string_view text) {
    markup_ += markup_escaped(text);
}

}  // namespace riverlight::html
