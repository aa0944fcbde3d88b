#include "firmware/start/optional_part.hpp"

#include <algorithm>

namespace riverlight::firmware {

std::string_view to_text(BoardPart part) {
    switch (part) {
        case BoardPart::status_page:
            return "status page";
        case BoardPart::nearby:
            return "boards nearby";
        case BoardPart::channel:
            return "channel";
        case BoardPart::office:
            return "office";
        case BoardPart::sticks:
            return "USB sticks";
        case BoardPart::journal:
            return "journal";
        case BoardPart::update:
            return "system update";
    }
    assert(false && "no part");
    return {};
}

void RetryPolicy::failed(MonotonicTime now) {
    next_ = now + wait_;
    wait_ = std::min(2 * wait_, most);
}

}  // namespace riverlight::firmware
