#include "player/source/interpreter.hpp"

#include <cassert>

#include "content/base/error.hpp"

namespace riverlight::player {

template <class Work>
void Interpreter::attempt(const Work& work) {
    try {
        work();
    } catch (const Error& e) {
        if (const auto* damaged = dynamic_cast<const MediaFileError*>(&e)) sink_.report(damage_of(*damaged));
        pictures_.reset();
        sink_.note(std::string(e.what()) + "; it is shown without its interpreter");
    }
}

Interpreter::Interpreter(const SourceSpec& spec, const FrameSelection& selection, int lift, PieceSink& sink)
    : spec_(spec), sink_(sink) {
    if (!spec.media.sign) return;
    const auto& path = spec.media.sign->path;
    attempt([&] {
        // Opened twice: the size of the inset follows from the file's own size.
        const auto facts = Reader(path, Reader::Want::picture, 0, 0).facts();
        if (facts.video_codec.empty()) throw Error(path + ": has no picture");
        box_ = inset_box(spec.format, facts.width, facts.height, lift);
        reader_.emplace(path, Reader::Want::picture, box_.width, box_.height, selection);
        reader_->on_packet([this] { sink_.step(); });
        pictures_.emplace(&*reader_, selection);
    });
}

void Interpreter::add_to(std::int64_t n, Piece& piece) {
    if (!pictures_ || !piece.picture) return;
    Piece own;
    bool showing = false;
    attempt([&] { showing = pictures_->next(n, own); });
    if (!showing) return pictures_.reset();
    // Nobody but this thread may hold the picture that is copied: a canvas blends texts into what it gets.
    if (!composed_ || !piece.repeated || !own.repeated) {
        composed_ = copies_.copy(*piece.picture);
        draw_inset(*composed_, *own.picture, box_);
    }
    piece.picture = composed_;
    piece.interpreted = true;
}

void Interpreter::finish() {
    if (!reader_) return;
    attempt([&] {
        if (const auto damage = reader_->finish()) sink_.report(*damage);
    });
}

}  // namespace riverlight::player
