#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "content/base/files.hpp"
#include "player/source/inset.hpp"
#include "player/source/rounds.hpp"
#include "player/source/source.hpp"
#include "player/source/text_pieces.hpp"

namespace riverlight::player {
namespace {

/// Pieces of an item on air, and of one that waits its turn: enough to start with, not so much that what
/// waits costs as much memory as what airs. Coded frames take some 20 KB each.
constexpr std::size_t pieces_ahead = 8, pieces_waiting = 4, coded_ahead = 24;
/// Bytes that their pictures may take; fewer pieces then, but never fewer than three.
constexpr std::size_t bytes_ahead = 16U << 20, bytes_waiting = 10U << 20, least_pieces = 3;

std::size_t pieces_in(std::size_t bytes, const Format& format, std::size_t most) {
    const auto picture =
        static_cast<std::size_t>(format.width) * static_cast<std::size_t>(format.height) * 3 / 2;
    return std::clamp(bytes / std::max<std::size_t>(picture, 1), least_pieces, most);
}

/// What the decoding thread and the timeline share. Both hold it, so that either may go first.
struct Shared final : Receiver {
    std::mutex mutex;
    std::condition_variable changed;
    // guarded by mutex
    std::deque<Piece> pieces;
    std::size_t most;
    bool ended = false, stop = false, coded = false;
    std::string error, noted;

    explicit Shared(std::size_t waiting) : most(waiting) {}

    bool room() override {
        std::unique_lock lock(mutex);
        // Once there is enough the producer sleeps until half of it is gone: threads that wake each other
        // for every frame cost more than a spliced frame does.
        if (pieces.size() >= most) changed.wait(lock, [&] { return stop || pieces.size() <= most / 2; });
        return !stop;
    }
    bool push(Piece piece) override {
        if (!room()) return false;
        const std::lock_guard lock(mutex);
        coded = piece.coded != nullptr;
        pieces.push_back(std::move(piece));
        if (pieces.size() == 1) changed.notify_all();
        return true;
    }
    void note(const std::string& what) override {
        const std::lock_guard lock(mutex);
        noted = what;
    }
};

/// Sound cut into outlet frames, gain applied, silence where there is none.
class SoundPieces {
  public:
    SoundPieces(Reader* reader, double gain_db, std::int64_t samples_a_frame)
        : reader_(reader),
          gain_(static_cast<float>(std::pow(10.0, gain_db / 20))),
          size_(static_cast<std::size_t>(samples_a_frame) * 2) {}

    /// The next frame's samples; `more` tells whether any of them came from the media.
    std::vector<float> next(bool& more) {
        while (reader_ && waiting_.size() - read_ < size_) {
            auto samples = reader_->next_samples();
            if (samples.empty()) {
                reader_ = nullptr;
                break;
            }
            waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(read_));
            read_ = 0;
            waiting_.insert(waiting_.end(), samples.begin(), samples.end());
        }
        std::vector<float> out(size_, 0.0F);
        const auto count = std::min(size_, waiting_.size() - read_);
        for (std::size_t i = 0; i < count; ++i) out[i] = waiting_[read_ + i] * gain_;
        read_ += count;
        more = count > 0;
        return out;
    }

  private:
    Reader* reader_;
    float gain_;
    std::size_t size_;
    std::vector<float> waiting_;
    std::size_t read_ = 0;
};

/// Pictures whose memory comes back when nobody shows them any more.
class Pool {
  public:
    std::shared_ptr<Picture> shared(Picture picture) {
        return {new Picture(std::move(picture)), [spares = spares_](Picture* over) {
                    const std::unique_ptr<Picture> one(over);
                    spares->give(std::move(*one));
                }};
    }
    std::shared_ptr<Picture> copy(const Picture& picture) {
        auto own = spares_->take();
        own = picture;
        return shared(std::move(own));
    }
    [[nodiscard]] const std::shared_ptr<Spares>& spares() const { return spares_; }

  private:
    std::shared_ptr<Spares> spares_ = std::make_shared<Spares>();
};

/// Which picture each outlet frame shows (Picking).
class PicturePieces {
  public:
    PicturePieces(Reader* reader, const Picking& picking) : reader_(reader), picking_(picking) {
        if (reader_) reader_->use(pool_.spares());
        if (reader_) following_ = reader_->next_picture();
        if (reader_)
            duration_ = reader_->facts().frame_rate.num > 0
                            ? Ratio{reader_->facts().frame_rate.den, reader_->facts().frame_rate.num}
                            : Ratio{picking.rate.den, picking.rate.num};
    }

    /// Sets what frame `n` shows; false where the media's pictures are over.
    bool next(std::int64_t n, Piece& piece) {
        bool fresh = false;
        while (following_ && (!current_ || picking_.frame_of(following_->pts) <= n)) {
            piece.passed_over += following_->passed_over + fresh;
            last_ = following_->pts;
            current_ = pool_.shared(std::move(following_->picture));
            fresh = true;
            following_ = reader_->next_picture();
        }
        if (!current_ || (!following_ && n >= frames_in_all())) return false;
        piece.picture = current_;
        piece.repeated = !fresh;
        return true;
    }

  private:
    /// Known once the last picture is: its end, in outlet frames.
    [[nodiscard]] std::int64_t frames_in_all() const {
        const double end =
            double(last_.num) / double(last_.den) + double(duration_.num) / double(duration_.den);
        return std::max<std::int64_t>(
            1, std::llround(end * double(picking_.rate.num) / double(picking_.rate.den)));
    }

    Pool pool_;
    Reader* reader_;
    Picking picking_;
    Ratio duration_{1, 25}, last_{0, 1};
    std::optional<Reader::VideoFrame> following_;
    std::shared_ptr<Picture> current_;
};

/// Lays an interpreter into a corner of the pictures. What is wrong with its file is noted, and the item goes
/// on without it.
class Interpreter {
  public:
    /// `lift`: what stands below it.
    Interpreter(const SourceSpec& spec, const Picking& picking, int lift, Receiver& receiver)
        : spec_(spec), receiver_(receiver) {
        if (!spec.media.sign) return;
        const auto& path = spec.media.sign->path;
        attempt([&] {
            // Its own size is known when it is open, and how it is to be shown then.
            const auto facts = Reader(path, Reader::Want::picture, 0, 0).facts();
            if (facts.video_codec.empty()) throw Error(path + ": holds no picture");
            box_ = inset_box(spec.format, facts.width, facts.height, lift);
            reader_.emplace(path, Reader::Want::picture, box_.width, box_.height, picking);
            pictures_.emplace(&*reader_, picking);
        });
    }
    /// Columns at the right that are its own.
    [[nodiscard]] int columns() const { return pictures_ ? kept_free(spec_.format, box_) : 0; }

    /// Sets the piece's picture to one that it stands in, as frame `n` shows it.
    void lay(std::int64_t n, Piece& piece) {
        if (!pictures_ || !piece.picture) return;
        Piece own;
        bool showing = false;
        attempt([&] { showing = pictures_->next(n, own); });
        if (!showing) return pictures_.reset();
        // Nobody but this thread may hold what it copies from: a canvas lays its texts into what it is given.
        if (!laid_ || !piece.repeated || !own.repeated) {
            laid_ = pool_.copy(*piece.picture);
            lay_inset(*laid_, *own.picture, box_);
        }
        piece.picture = laid_;
        piece.interpreted = true;
    }

  private:
    template <class Work>
    void attempt(const Work& work) {
        try {
            work();
        } catch (const Error& e) {
            pictures_.reset();
            receiver_.note(std::string(e.what()) + "; it is shown without its interpreter");
        }
    }

    const SourceSpec& spec_;
    Receiver& receiver_;
    InsetBox box_;
    std::optional<Reader> reader_;
    std::optional<PicturePieces> pictures_;
    Pool pool_;
    std::shared_ptr<Picture> laid_;
};

}  // namespace

void decode_media(const SourceSpec& spec, Receiver& receiver) {
    const auto& f = spec.format;
    TextPieces text(spec);
    const Picking picking{f.rate, spec.first_frame};
    MediaLimits limits;
    limits.machine = spec.machine;
    std::optional<Reader> picture_reader, sound_reader;
    if (!spec.media.picture.empty())
        picture_reader.emplace(spec.media.picture,
                               spec.media.sound.empty() ? Reader::Want::both : Reader::Want::picture, f.width,
                               f.height, picking, limits);
    if (!spec.media.sound.empty()) sound_reader.emplace(spec.media.sound, Reader::Want::sound, 0, 0, picking);
    auto* sound_from = sound_reader ? &*sound_reader : picture_reader ? &*picture_reader : nullptr;
    if (!sound_from) throw Error("the cue names neither picture nor sound; there is nothing to play");
    const bool has_picture = picture_reader && !picture_reader->facts().video_codec.empty();
    PicturePieces pictures(has_picture ? &*picture_reader : nullptr, picking);
    Interpreter interpreter(spec, picking, text.lift(), receiver);
    text.keep_free_at_right(interpreter.columns());
    std::string given_up;
    SoundPieces sound(sound_from, spec.media.gain_db, f.samples_a_frame());
    for (std::int64_t n = std::max<std::int64_t>(0, spec.first_frame); !spec.frames || n < *spec.frames;
         ++n) {
        if (!receiver.room()) return;  // before the picture is there, which takes memory
        Piece piece;
        bool sounding = false;
        const bool showing = pictures.next(n, piece);
        interpreter.lay(n, piece);
        if (picture_reader && given_up != picture_reader->given_up()) {
            given_up = picture_reader->given_up();
            receiver.note("the machine's own decoder (" + given_up +
                          ") gave up; pictures are decoded by the processor from here on");
        }
        piece.samples = sound.next(sounding);
        // The media's own end: of its picture, or of its sound where it has no picture.
        if (!spec.frames && (has_picture ? !showing : !sounding)) break;
        text.lay(n, piece);
        if (!receiver.push(std::move(piece))) return;
    }
}

namespace {

class MediaSource final : public Source {
  public:
    MediaSource(const Format& format, std::function<void(Receiver&)> produce)
        : ahead_(pieces_in(bytes_ahead, format, pieces_ahead)),
          shared_(std::make_shared<Shared>(pieces_in(bytes_waiting, format, pieces_waiting))) {
        std::thread([shared = shared_, produce = std::move(produce)] {
            std::string error;
            try {
                produce(*shared);
            } catch (const std::bad_alloc&) {
                error = "it needs more memory than this player may take; make a smaller file of it";
            } catch (const std::exception& e) {
                error = e.what();
            }
            const std::lock_guard lock(shared->mutex);
            shared->error = error;
            shared->ended = true;
            shared->changed.notify_all();
        }).detach();
    }
    ~MediaSource() override {
        const std::lock_guard lock(shared_->mutex);
        shared_->stop = true;
        shared_->pieces.clear();
        shared_->changed.notify_all();
    }

    [[nodiscard]] State state() const override {
        const std::lock_guard lock(shared_->mutex);
        if (!shared_->pieces.empty()) return State::ready;
        if (!shared_->ended) return State::opening;
        return shared_->error.empty() ? State::ready : State::failed;
    }
    [[nodiscard]] std::string error() const override {
        const std::lock_guard lock(shared_->mutex);
        return shared_->error;
    }
    [[nodiscard]] bool coded() const override {
        const std::lock_guard lock(shared_->mutex);
        return shared_->coded;
    }
    [[nodiscard]] std::string note() const override {
        const std::lock_guard lock(shared_->mutex);
        return shared_->noted;
    }
    [[nodiscard]] Take take(Piece& into) override {
        const std::lock_guard lock(shared_->mutex);
        if (!shared_->pieces.empty()) {
            into = std::move(shared_->pieces.front());
            shared_->pieces.pop_front();
            shared_->most = shared_->coded ? coded_ahead : ahead_;
            if (shared_->pieces.size() <= shared_->most / 2) shared_->changed.notify_all();
            return Take::piece;
        }
        if (!shared_->ended) return Take::waiting;
        return shared_->error.empty() ? Take::ended : Take::failed;
    }
    void wait(std::chrono::milliseconds longest) const override {
        std::unique_lock lock(shared_->mutex);
        shared_->changed.wait_for(lock, longest, [&] { return shared_->ended || !shared_->pieces.empty(); });
    }

  private:
    std::size_t ahead_;               ///< pieces, once it is on air
    std::shared_ptr<Shared> shared_;  // with the decoding thread, which may outlive this object
};

}  // namespace

std::unique_ptr<Source> run_source(const Format& format, std::function<void(Receiver&)> produce) {
    return std::make_unique<MediaSource>(format, std::move(produce));
}

std::unique_ptr<Source> open_media(const SourceSpec& spec) {
    return run_source(spec.format, [spec](Receiver& receiver) { play_rounds(spec, receiver, decode_media); });
}

}  // namespace riverlight::player
