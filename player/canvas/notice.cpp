#include "player/canvas/notice.hpp"

#include <chrono>
#include <utility>

namespace riverlight::player {

void NoticeBoard::say(std::string text, std::string locale) {
    if (text == text_ && locale == locale_) return;
    text_ = std::move(text);
    locale_ = std::move(locale);
    changed_ = true;
}

void NoticeBoard::draw() {
    changed_ = false;
    if (text_.empty()) {
        seen_.reset();
        return;
    }
    drawing_ =
        std::async(std::launch::async, [width = width_, height = height_, text = text_, locale = locale_] {
            const TextEngine engine(width, height);
            return std::make_shared<const Overlay>(engine.subtitle(Words{text, {}}, Place{0.5, 0}, locale));
        });
}

const std::shared_ptr<const Overlay>& NoticeBoard::seen() {
    if (drawing_.valid() && drawing_.wait_for(std::chrono::seconds{0}) == std::future_status::ready) {
        try {
            auto drawn = drawing_.get();
            if (!text_.empty()) seen_ = drawn->empty() ? nullptr : std::move(drawn);
        } catch (const Error&) {
            seen_.reset();  // what cannot be drawn holds nothing up
        }
    }
    if (changed_ && !drawing_.valid()) draw();
    return seen_;
}

}  // namespace riverlight::player
