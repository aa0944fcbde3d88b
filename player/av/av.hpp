#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"

/// Everything that touches FFmpeg's libav. Ticks and time bases end here: what leaves are pictures, samples,
/// rationals and chrono. One object a thread at a time; none is shared.
namespace riverlight::player {

/// An exact ratio, den > 0.
struct Ratio {
    std::int64_t num = 0, den = 1;
};

/// A planar YUV 4:2:0 picture, 8 bit, BT.709 limited range: the house's canvas format. Rows without padding;
/// width and height even.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> y, u, v;
};

/// Pictures whose time is over, for those to come: their memory is taken again instead of being given back
/// and asked for at each frame. Any thread.
class Spares {
  public:
    static constexpr std::size_t most = 2;
    /// Kept, where few are.
    void give(Picture picture);
    /// One of them, whatever it shows; an empty one where none is.
    [[nodiscard]] Picture take();

  private:
    std::mutex mutex_;
    std::vector<Picture> kept_;  ///< guarded by mutex_
};

/// 48 kHz stereo float samples, interleaved.
using Samples = std::vector<float>;
inline constexpr int sample_rate = 48'000;

struct StreamFacts {
    std::string container, video_codec, audio_codec;  ///< empty codec: no such stream
    int width = 0, height = 0;                        ///< of its pictures in their own size (Reader)
    Ratio frame_rate{};                               ///< guessed; 0/1 unknown
    std::chrono::microseconds duration{};
    int audio_rate = 0, audio_channels = 0;
};

/// Limits on what is opened at all.
struct MediaLimits {
    std::int64_t max_pixels = 4096LL * 2304;
    int max_streams = 16;
    bool machine = false;  ///< pictures by a decoder that the machine has, where there is one that fits
};

/// Which pictures a reader's owner will show: those that an outlet at `rate` shows from its frame `first` on,
/// each frame showing the nearest picture, the earlier of two that are as near (50 to 25 a second).
struct Picking {
    Ratio rate{};  ///< frames a second; 0: every picture is wanted
    std::int64_t first = 0;
    [[nodiscard]] bool from_the_beginning() const { return first <= 0 || rate.num <= 0; }
    /// The first frame that may show a picture at `pts` seconds; it shows until that of the next picture.
    [[nodiscard]] std::int64_t frame_of(Ratio pts) const;
};

/// Reads one local media file (no network protocols; a whitelist of containers and codecs), decoding picture
/// and sound independently and in order. Throws Error that names the file, what is wrong, and what to do.
class Reader {
  public:
    enum class Want { both, picture, sound };
    /// Pictures come scaled into width × height with their aspect kept (letterboxed in black), converted to
    /// BT.709 limited, what is brighter than those show drawn together; interlaced ones deinterlaced; turned
    /// upright as the file says. 0 × 0: the file's own size, upright, its pixels made square.
    /// Pictures that `picking` never shows are decoded and counted, but not converted. Where it begins later
    /// than the file, so does the sound, at sample first / rate × 48000; files with an index are entered near
    /// there.
    Reader(const std::string& path, Want want, int width, int height, const Picking& picking = {},
           const MediaLimits& limits = {});
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    [[nodiscard]] const StreamFacts& facts() const;
    /// Where the memory of pictures comes from from now on; without it each has its own.
    void use(std::shared_ptr<Spares> spares);
    struct VideoFrame {
        Ratio pts;  ///< seconds from the file's origin, its first picture, exact
        Picture picture;
        int passed_over = 0;  ///< pictures before it, from `first` on, that no frame shows
    };
    /// The next picture in presentation order; nothing at the end. Throws Error where the data is broken
    /// beyond what a decoder conceals.
    [[nodiscard]] std::optional<VideoFrame> next_picture();
    /// The next run of samples (some thousands at most), resampled to 48 kHz stereo, priming and padding
    /// trimmed as the container says, gaps filled with silence so that sample n is at n/48000 s from the
    /// file's origin; empty at the end or where there is no sound.
    [[nodiscard]] Samples next_samples();
    /// How many packets or frames the decoder reported as corrupt so far.
    [[nodiscard]] std::int64_t corrupt() const;
    /// The machine's decoder that pictures come from now (`V4L2`, `VA-API`); empty: libav's own.
    [[nodiscard]] std::string machine() const;
    /// The machine's decoder that gave up in the middle, after which libav's own went on; empty: none.
    [[nodiscard]] const std::string& given_up() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What pictures of a segment's file are coded as.
enum class FileCodec { h264, hevc };

struct WriterOptions {
    int width = 1280, height = 720;
    Ratio frame_rate{25, 1};
    bool sound = true;
    bool picture = true;
    // mp4 (segments): quality-driven; both in one file or one of them
    FileCodec codec = FileCodec::h264;
    int crf = 20;                ///< of the codec's own scale: HEVC looks alike at 3 to 4 more
    std::int64_t most_bits = 0;  ///< of pictures a second, over two seconds; 0: as many as they take
    int audio_bitrate = 160'000;
    bool deterministic = true;  ///< one thread, no dates, no encoder versions in the file
};

/// Writes picture and/or sound to an .mp4/.m4a (H.264 High or HEVC Main, AAC-LC) file, closed GOPs of 2 s,
/// faststart.
class FileWriter {
  public:
    FileWriter(const std::string& path, const WriterOptions& options);
    ~FileWriter();
    FileWriter(FileWriter&&) noexcept;
    void add(const Picture& picture);  ///< the next frame, at the frame rate
    void add(const Samples& samples);  ///< the next samples
    void finish();  ///< flushes, writes the index; throws Error (disk full) with the reason

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Composites premultiplied BGRA over a picture at (x, y), clipped; BT.709 limited.
void lay_over(Picture& picture, const std::uint8_t* bgra, int x, int y, int width, int height);
[[nodiscard]] Picture black(int width, int height);
/// A BGRA canvas of the picture's size as YUV.
[[nodiscard]] Picture from_bgra(const std::uint8_t* bgra, int width, int height);
/// A still image (PNG, JPEG) scaled and cropped to fill width × height.
[[nodiscard]] Picture load_image(const std::string& path, int width, int height);
/// JPEG, scaled down to at most `widest` pixels wide; whole or not at all (temporary file and rename).
void save_jpeg(const Picture& picture, const std::string& path, int widest);
/// Full-size PNG of a picture, for people and golden images.
void save_png(const Picture& picture, const std::string& path);
void save_png_bgra(const std::uint8_t* bgra, int width, int height, const std::string& path);

}  // namespace riverlight::player
