#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "player/av/picture.hpp"
#include "player/av/picture_pool.hpp"
#include "player/av/ratio.hpp"
#include "player/av/samples.hpp"
#include "player/av/source_samples.hpp"
#include "player/file/verified_file.hpp"

/// Reading media files. FFmpeg's time bases end in this room: callers get pictures, samples, exact rationals
/// and std::chrono.
namespace riverlight::player {

/// What a media file contains.
struct StreamFacts {
    std::string container, video_codec, audio_codec;  ///< empty codec: the file has no such stream
    int width = 0, height = 0;                        ///< display size: upright, square pixels
    Ratio frame_rate{};                               ///< estimated by libav; 0/1: unknown
    /// From the origin, as the file says; 0: unknown, also once its clock has jumped.
    std::chrono::microseconds duration{};
    /// From the origin to the end of the picture and of the sound, as the file says of each; 0: unknown.
    std::chrono::microseconds picture_end{}, sound_end{};
    int audio_rate = 0, audio_channels = 0;
};

/// Limits on the files that are opened, and whether hardware may decode them.
struct MediaLimits {
    std::int64_t max_pixels = 4096LL * 2304;
    std::int64_t max_still_pixels = 120'000'000;  ///< of a photograph or drawing, which is scaled once
    int max_streams = 16;
    bool hardware_decoding = false;  ///< try this machine's hardware decoders before libav's own
    bool still_images = false;    ///< also read the formats of pictures: WebP, BMP, TIFF, GIF, animated PNG
    bool author_formats = false;  ///< also read what authors bring and no board is given, such as DV and WMV
    bool segmented = false;       ///< pictures that are sent as two fields are progressive (segmented frames)
    std::uint32_t background = 0;  ///< what stands behind transparent pixels, 0xRRGGBB
};

/// Which pictures the caller will show: those that an outlet with `rate` shows from its frame `first` on.
/// Each frame shows the nearest picture, the earlier one where two are equally near (50 to 25 frames a
/// second).
struct FrameSelection {
    Ratio rate{};            ///< frames a second; 0: select every picture
    std::int64_t first = 0;  ///< outlet frame
    bool fields = false;     ///< each frame is shown as two fields, with a picture for each
    /// Whether each field of an interlaced file becomes a picture: for outlets that show as many motions.
    [[nodiscard]] bool takes_fields() const { return fields || rate.num >= 48 * rate.den; }
    /// Of the fields: two a frame.
    [[nodiscard]] FrameSelection of_fields() const { return {{rate.num * 2, rate.den}, first * 2, false}; }
    /// Of the moments that are shown: fields, or frames.
    [[nodiscard]] FrameSelection of_moments() const { return fields && rate.num > 0 ? of_fields() : *this; }
    [[nodiscard]] bool starts_at_beginning() const { return first <= 0 || rate.num <= 0; }
    /// The first outlet frame that may show a picture with presentation time `pts` (seconds). The picture
    /// stays until frame_of() the next picture.
    [[nodiscard]] std::int64_t frame_of(Ratio pts) const;
};

/// Reads one local media file (no network protocols; only listed containers and codecs). Decodes picture and
/// sound independently, each in presentation order. One thread at a time. Throws Error that names the file,
/// the fault and the remedy.
class Reader {
  public:
    enum class Want { both, picture, sound };
    /// Opens the file. Pictures are deinterlaced, rotated upright, scaled into width × height with their
    /// aspect kept (letterboxed in black), tone-mapped from HDR, and converted to BT.709 limited range.
    /// 0 × 0: the file's own display size. Pictures that `selection` never shows are decoded and counted, but
    /// not converted. Where the selection starts late, sound starts at sample first / rate × 48000; files
    /// with an index are entered by a seek.
    Reader(const std::string& path, Want want, int width, int height, const FrameSelection& selection = {},
           const MediaLimits& limits = {});
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    [[nodiscard]] const StreamFacts& facts() const;
    /// From now on takes the memory for pictures from this pool.
    void use_pool(std::shared_ptr<PicturePool> pool);
    /// From now on calls `step` for each packet that is read: a caller that waits sees that it gets on.
    void on_packet(std::function<void()> step);
    struct VideoFrame {
        /// Presentation time in seconds from the file's origin, exact: its first picture, or its first sound
        /// where that comes more than 0.12 s earlier.
        Ratio pts;
        Picture picture;
        int skipped = 0;  ///< pictures since the one before, from `first` on, that no outlet frame shows
    };
    /// The next picture in presentation order; nothing at the end. Throws Error where the data is more
    /// damaged than the decoder can conceal.
    [[nodiscard]] std::optional<VideoFrame> next_picture();
    /// True if each field of an interlaced outlet should show a picture of its own: the file is interlaced,
    /// or has 40 to 125 pictures a second. Fewer are shown whole, in both fields.
    [[nodiscard]] bool moves_in_fields() const;
    /// True if the pictures are the fields of an interlaced file: two for each of its frames.
    [[nodiscard]] bool in_fields() const;
    /// How long the last picture that was returned lasts, in seconds; 0: none was.
    [[nodiscard]] Ratio picture_duration() const;
    /// When the last picture that was returned ends, in seconds from the file's origin; 0: none was.
    [[nodiscard]] Ratio pictures_end() const;
    /// The next run of samples (some thousands at most), resampled to 48 kHz stereo. Priming and padding are
    /// trimmed as the container says, and gaps filled with silence, so that sample n is n/48000 s after the
    /// file's origin. Empty at the end, or where the file has no sound.
    [[nodiscard]] Samples next_samples();
    /// From now on gives each decoded frame of sound to `listener`, while next_samples() is called.
    void listen(SourceListener listener);
    /// Verifies what has not been read of the file, and whether its name still names it
    /// (VerifiedFile::find_replacement). Throws MediaFileError where its bytes are not the verified ones.
    [[nodiscard]] std::optional<MediaDamage> finish();
    /// How many packets or frames the decoders have reported as corrupt.
    [[nodiscard]] std::int64_t corrupt() const;
    /// True if the file was seen to end within a piece of its picture or sound, which was left out.
    [[nodiscard]] bool ends_within_a_piece() const;
    /// The hardware decoder in use (`V4L2`, `VA-API`); empty: software.
    [[nodiscard]] std::string hardware() const;
    /// The hardware decoder that failed during the file, after which software took over; empty: none failed.
    [[nodiscard]] const std::string& failed_hardware() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
