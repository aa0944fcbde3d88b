#include "player/canvas/notice.hpp"

#include <cassert>
#include <chrono>
#include <utility>

#include "content/base/error.hpp"
#include "player/text/engine.hpp"

namespace riverlight::player {

void NoticeBoard::show(std::string text, std::string locale) {
    if (text == text_ && locale == locale_) return;
    text_ = std::move(text);
    locale_ = std::move(locale);
    changed_ = true;
}

void NoticeBoard::start_drawing() {
    assert(!drawing_.valid());
    changed_ = false;
    if (text_.empty()) {
        visible_.reset();
        return;
    }
    drawing_ =
        std::async(std::launch::async, [width = width_, height = height_, text = text_, locale = locale_] {
            const TextEngine engine(width, height);
            return std::make_shared<const Overlay>(
                engine.subtitle(StyledText{text, {}}, TextPlacement{0.5, 0}, locale));
        });
}

const std::shared_ptr<const Overlay>& NoticeBoard::visible() {
    if (drawing_.valid() && drawing_.wait_for(std::chrono::seconds{0}) == std::future_status::ready) {
        try {
            auto drawn = drawing_.get();
            if (!text_.empty()) visible_ = drawn->empty() ? nullptr : std::move(drawn);
        } catch (const Error&) {
            visible_.reset();  // show no notice rather than stop the outlet
        }
    }
    if (changed_ && !drawing_.valid()) start_drawing();
    return visible_;
}

}  // namespace riverlight::player
