#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/avi_times.hpp"
#include "player/av/decoder.hpp"
#include "player/av/edit_times.hpp"
#include "player/av/file_input.hpp"
#include "player/av/handles.hpp"
#include "player/av/hardware_decoder.hpp"
#include "player/av/picture_times.hpp"
#include "player/av/programme_follower.hpp"
#include "player/av/sound_times.hpp"
#include "player/av/stream_choice.hpp"

namespace riverlight::player::av {

/// One stream of the file, with its decoder and the packets queued for it.
struct Track {
    AVStream* stream = nullptr;  ///< null: the file has none, or the caller does not want it
    std::unique_ptr<Decoder> decoder;
    std::deque<Handle<AVPacket>> queued;
    std::size_t queued_bytes = 0;
    std::int64_t last_sent = AV_NOPTS_VALUE;  ///< DTS of the packet that the decoder has got last
    bool drained = false;                     ///< the decoder was told that the stream has ended
    bool ended = false;                       ///< the decoder has returned its last frame
};

/// Opens a media file, demultiplexes it and decodes its streams, each in order. libav's objects point at each
/// other, so it must not be moved. One thread. Only player/av includes this.
class Demuxer {
  public:
    /// `hardware`: tried before software for the picture; null: software only. Outlives this object. Throws
    /// Error that names the file, the fault and the remedy.
    Demuxer(const std::string& path, Reader::Want want, const MediaLimits& limits,
            HardwareDecoders* hardware = nullptr);

    Track picture, sound;
    /// Seeks so that everything from `at` (seconds from the origin) on can be decoded, where the file has an
    /// index; otherwise stays at the beginning. Call it before the first frame is read.
    void seek(Ratio at);
    /// As Reader::on_packet().
    void on_packet(std::function<void()> step) { on_packet_ = std::move(step); }
    /// The next decoded frame of a track; null at the end. Counts damaged frames and skips them.
    [[nodiscard]] Handle<AVFrame> next(Track& track);
    /// The next decoded picture; null at the end. Its pts is the file's, or follows from the frame rate where
    /// the file has none. Where the hardware decoder fails, software goes on with the picture that is next.
    /// Throws Error where the file ends without a picture.
    [[nodiscard]] Handle<AVFrame> next_picture();
    /// The next decoded frame of sound; null at the end. Its pts is its time, or none: directly after the
    /// frame before.
    [[nodiscard]] Handle<AVFrame> next_sound();
    /// A track's timestamp in seconds from the file's origin, exact.
    [[nodiscard]] Ratio seconds(std::int64_t timestamp, const Track& track) const;
    [[nodiscard]] Ratio seconds(std::int64_t timestamp, AVRational time_base) const;

    /// True if the file ends within a piece of its picture or sound, which is left out: it was cut off.
    [[nodiscard]] bool ends_within_a_piece() const { return ends_within_a_piece_; }
    /// How long the last picture that was returned lasts, in seconds; 0: none was.
    [[nodiscard]] Ratio picture_duration() const;
    /// When the last picture that was returned ends, in seconds from the file's origin; 0: none was.
    [[nodiscard]] Ratio pictures_end() const;

    [[nodiscard]] const StreamFacts& facts() const { return facts_; }
    [[nodiscard]] std::int64_t corrupt() const { return corrupt_ + (software_ ? software_->corrupt() : 0); }
    [[nodiscard]] std::string hardware() const;
    [[nodiscard]] const std::string& failed_hardware() const { return failed_hardware_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    /// As Reader::finish().
    [[nodiscard]] std::optional<MediaDamage> finish();
    /// Throws MediaFileError where the file is damaged, else Error.
    [[noreturn]] void fail(const std::string& why);

  private:
    void open_file();
    [[nodiscard]] bool enter_next_part();
    void choose_track(Track& track, AVStream* stream);
    void open_track(Track& track, AVStream* stream);
    /// The first picture is the origin, so that it falls exactly on an outlet frame, unless sound begins
    /// clearly before it. The same holds where the caller wants sound only. A file without pictures begins
    /// with its sound.
    void find_origin();
    [[nodiscard]] std::chrono::microseconds declared_end(const Track& track) const;
    bool fill_queue(Track& track);
    [[nodiscard]] bool is_cut_short(const AVPacket& packet) const;
    [[nodiscard]] bool is_cut_off(Track& track, const AVFrame* frame);
    void queue_packet(Handle<AVPacket> packet);
    bool enter_next_stream(Track& track);
    [[nodiscard]] static bool uses_hardware(const Track& track) { return !track.decoder->hardware().empty(); }
    [[nodiscard]] Handle<AVFrame> switch_to_software();

    // More than 12 members: one libav file, where its origin is, how it goes on in other streams, and what
    // takes over where a hardware decoder fails.
    std::string path_;
    MediaLimits limits_;
    HardwareDecoders* hardware_;
    FileInput input_;
    Handle<AVFormatContext> format_;
    std::vector<Handle<AVFormatContext>> former_formats_;  ///< of earlier parts, whose streams are decoded
    StreamFacts facts_;
    Ratio origin_{0, 1};  ///< in the file's own time
    Ratio sought_{0, 1};  ///< where reading began
    StreamChoice streams_;
    std::optional<ProgrammeFollower> follower_;
    std::optional<AviTimes> avi_times_;
    std::optional<EditTimes> edit_times_;
    bool at_end_ = false, ends_within_a_piece_ = false;
    std::function<void()> on_packet_;
    std::int64_t corrupt_ = 0;
    std::optional<PictureTimes> picture_times_;  ///< absent: no picture is wanted
    std::optional<SoundTimes> sound_times_;      ///< absent: the file's own count
    bool hardware_failed_ = false;               ///< during the current call
    std::string failed_hardware_;
    std::unique_ptr<Demuxer> software_;  ///< returns the pictures once the hardware has failed
};

}  // namespace riverlight::player::av
