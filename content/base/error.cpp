#include "content/base/error.hpp"

namespace riverlight {

Where Where::at(int number, int column) const {
    auto out = *this;
    out.line = number;
    out.text_ += ':' + std::to_string(number);
    if (column > 0) out.text_ += ':' + std::to_string(column);
    return out;
}

Where Where::in(std::string_view inner, std::string_view shown) const {
    auto out = *this;
    if (!out.key.empty() && !inner.empty()) out.key += '.';
    out.key += inner;
    if (!out.text_.empty() && !shown.empty()) out.text_ += ": ";
    out.text_ += shown;
    return out;
}

}  // namespace riverlight
