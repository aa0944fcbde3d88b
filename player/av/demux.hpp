#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "player/av/decoder.hpp"
#include "player/av/handles.hpp"

/// A media file taken apart: its streams, found by a whitelist, each decoded in order. Only player/av
/// includes this.
namespace riverlight::player::av {

/// num/den in lowest terms.
[[nodiscard]] Ratio reduced(std::int64_t num, std::int64_t den);

/// One stream of the file with its decoder and the packets that wait for it.
struct Track {
    AVStream* stream = nullptr;  ///< null: the file has none, or it was not asked for
    std::unique_ptr<Decoder> decoder;
    std::deque<Handle<AVPacket>> waiting;
    std::size_t waiting_bytes = 0;
    bool drained = false;  ///< the decoder was told that nothing more comes
    bool ended = false;    ///< and gave out its last
};

/// Not to be moved once open: libav's objects point at each other. One thread.
class Demux {
  public:
    /// `machine`: asked for a decoder of pictures before libav is; null: nobody is. It outlives this object.
    /// Throws Error that names the file, what is wrong with it, and what to do.
    Demux(const std::string& path, Reader::Want want, const MediaLimits& limits, Machine* machine = nullptr);

    Track picture, sound;
    /// Goes to a place from which everything at `at` (seconds from the origin) and later can be decoded,
    /// where the file's index leads there; else stays at the beginning. Before the first frame is asked for.
    void enter(Ratio at);
    /// The next decoded frame of a track; null at the end. A damaged frame is counted and passed over.
    [[nodiscard]] Handle<AVFrame> next(Track& track);
    /// The next decoded picture, its pts by the file's clock, or by its frame rate where it says none; null
    /// at the end. Where the machine's decoder gives up, libav's goes on with the picture that is next.
    /// Throws Error where the file ends before there was one.
    [[nodiscard]] Handle<AVFrame> next_picture();
    /// `ts` of a track in seconds from the file's origin, exact.
    [[nodiscard]] Ratio seconds(std::int64_t ts, const Track& track) const;
    [[nodiscard]] Ratio seconds(std::int64_t ts, AVRational base) const;

    [[nodiscard]] const StreamFacts& facts() const { return facts_; }
    [[nodiscard]] std::int64_t corrupt() const { return corrupt_ + (instead_ ? instead_->corrupt() : 0); }
    [[nodiscard]] std::string machine() const;
    [[nodiscard]] const std::string& given_up() const { return given_up_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[noreturn]] void fail(const std::string& why) const { throw Error(path_ + ": " + why); }

  private:
    void open_file();
    void open_track(Track& track, AVMediaType type);
    void find_origin();
    bool feed(Track& track);
    void keep(Handle<AVPacket> packet);
    void complete(AVFrame& frame) const;
    [[nodiscard]] bool by_machine(const Track& track) const { return !track.decoder->machine().empty(); }
    [[nodiscard]] Handle<AVFrame> broke_down();
    [[nodiscard]] Handle<AVFrame> without_machine();

    std::string path_;
    MediaLimits limits_;
    Machine* machine_;
    Handle<AVFormatContext> format_;
    StreamFacts facts_;
    Ratio origin_{0, 1};   ///< in the file's own time
    Ratio entered_{0, 1};  ///< where reading began
    bool at_end_ = false;
    std::int64_t corrupt_ = 0, pictures_ = 0;
    std::optional<std::int64_t> last_pts_;  ///< of the last picture given out
    bool broke_down_ = false;               ///< the machine's decoder just did
    std::string given_up_;
    std::unique_ptr<Demux> instead_;  ///< has the pictures from then on
};

}  // namespace riverlight::player::av
