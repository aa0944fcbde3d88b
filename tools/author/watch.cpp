#include "tools/author/watch.hpp"

#include <filesystem>
#include <utility>

#include "content/base/error.hpp"
#include "tools/author/author_limits.hpp"
#include "tools/author/film.hpp"
#include "tools/author/joined.hpp"
#include "tools/author/torn.hpp"
#include "tools/quality/picture_watch.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds longest = 1h;
/// A larger difference between the lengths of sound and pictures is reported.
constexpr milliseconds sync_slack{500};
/// The same where the file does not say how long it is: sound and pictures of a whole one end together, to a
/// picture and a piece of sound.
constexpr milliseconds silent_slack{80};

microseconds time_of(player::Ratio seconds) {
    // In two steps, since a file may name any time: their product may not fit into 64 bits.
    const auto whole = seconds.num / seconds.den, rest = seconds.num % seconds.den;
    return microseconds(whole * 1'000'000 + rest * 1'000'000 / seconds.den);
}

void within_an_hour(const std::string& path, milliseconds length) {
    if (length > longest) throw Error(path + ": lasts more than an hour; cut it into segments");
}

/// Why a still picture is not taken for a video.
std::string still_text(const std::string& path) {
    const auto name = std::filesystem::path(path).filename().string();
    return path +
           ": is a still picture, which would stand for 0.04 s. Leave `picture` out of segment.toml and "
           "write cards.toml with [[card]], image = \"" +
           name + "\" and seconds = 8, or as long as it is to stand";
}

/// At the film's rate: not shorter.
milliseconds whole_frames(milliseconds length) {
    return (length * film_rate + 999ms) / 1000 * 1000 / film_rate;
}

/// Of a video with one picture, which stands under its sound.
quality::SegmentFinding standing_finding(milliseconds length) {
    return {
        quality::Defect::still,
        "",
        "is one picture, which stands as long as its sound",
        false,
        quality::Stretch{0ms, length},
        "for another length leave `picture` out of segment.toml and write cards.toml with [[card]], image "
        "and seconds; the sound is then sound.m4a of a language"};
}

/// Opens a file. Throws Error; where the file is torn, that is why.
template <class T, class... With>
T opened(const std::string& path, With&&... with) {
    try {
        return T(std::forward<With>(with)...);
    } catch (const Error&) {
        if (const auto why = torn_text(path)) throw Error(*why);
        throw;
    }
}

/// Takes the requested stills while the video is decoded.
class Camera {
  public:
    Camera(const StillsWanted& wanted, milliseconds duration) : times_(wanted.at) {
        for (int i = 0; i < wanted.evenly && duration.count() > 0; ++i)
            times_.insert(duration * (2 * i + 1) / (2 * wanted.evenly));
    }
    /// Takes the stills requested before `until`, from the picture of time `at` that `scan` has just decoded.
    void look(const player::Scan& scan, microseconds at, milliseconds until) {
        while (!times_.empty() && *times_.begin() < until) {
            const auto wanted = *times_.begin();
            times_.erase(times_.begin());
            stills_.push_back({wanted, at == taken_at_ ? stills_.back().picture
                                                       : std::make_shared<const player::Picture>(
                                                             scan.still(film_width, film_height))});
            taken_at_ = at;
        }
    }
    [[nodiscard]] std::vector<Still> take() { return std::move(stills_); }

  private:
    std::set<milliseconds> times_;
    microseconds taken_at_{-1};
    std::vector<Still> stills_;
};

/// The film's rate by the motions of the pictures. Progressive pictures may be sent as two fields (segmented
/// frames): their fields do not count, unless one picture of a hundred shows two moments.
class Motion {
  public:
    /// The picture that `scan` has just decoded.
    void add(player::Ratio pts, const player::Scan& scan) {
        const bool interlaced = scan.interlaced();
        by_pictures_.add(pts, false);
        by_fields_.add(pts, interlaced);
        interlaced_ += interlaced;
        if (interlaced) combed_ += scan.combed();
    }
    [[nodiscard]] bool segmented() const { return combed_ * 100 < interlaced_; }
    [[nodiscard]] FilmRate rate() const { return segmented() ? by_pictures_.rate() : by_fields_.rate(); }

  private:
    MotionMeter by_pictures_, by_fields_;
    std::int64_t interlaced_ = 0, combed_ = 0;  ///< pictures: sent as fields; with two moments in them
};

/// Whether pictures of a steady rate are missing before the last one: where a stream is cut off, those that
/// are decoded after a picture and shown before it are missing.
class LastStep {
  public:
    void add(microseconds at) {
        if (pictures_ >= 2) steady_ = steady_ && std::chrono::abs(last_step_ - usual_) <= rounding;
        if (pictures_ >= 1) last_step_ = at - last_;
        if (pictures_ == 1) usual_ = last_step_;
        last_ = at;
        ++pictures_;
    }
    [[nodiscard]] bool misses_pictures() const {
        constexpr int few = 10, most_reordered = 4;
        return pictures_ > few && steady_ && last_step_ > usual_ * 3 / 2 &&
               last_step_ <= usual_ * (most_reordered + 1);
    }

  private:
    static constexpr microseconds rounding = 2ms;
    std::int64_t pictures_ = 0;
    bool steady_ = true;  ///< all steps but the last one
    microseconds last_{}, last_step_{}, usual_{};
};

/// What ends first where sound and pictures do not end together; `pictures`: when the last one ends.
void length_finding(Watched& watched, microseconds pictures) {
    const bool says = says_its_length(watched.facts.container);
    const auto film = says ? watched.duration : std::chrono::round<milliseconds>(pictures);
    const auto apart = watched.sound.length - film;
    if (!watched.sounds || std::chrono::abs(apart) <= (says ? sync_slack : silent_slack)) return;
    const bool before = apart.count() < 0;
    const std::string unsure = says ? "" : ", and the file does not say how long it is";
    watched.sound_findings.push_back(
        {before ? quality::Defect::ends_early : quality::Defect::ends_late, "",
         (before ? "ends before the pictures do" : "ends after the pictures do") + unsure, false,
         quality::Stretch{std::min(watched.sound.length, film), std::max(watched.sound.length, film)},
         before ? "look whether something is missing"
         : says ? "what goes on without pictures is cut off"
                : "look whether pictures are missing; what goes on without them is cut off"});
}

}  // namespace

Watched watch_video(const std::string& path, const StillsWanted& wanted) {
    auto scan = opened<player::Scan>(path, path, author_limits());
    refuse_joined(path);
    Watched out;
    out.facts = scan.facts();
    FilmClock clock;
    Motion motion;
    LastStep last_step;
    quality::PictureWatch pictures;
    quality::SoundWatch sound;
    scan.listen([&sound](const player::SourceSamples& samples) { sound.add_source(samples); });
    Camera camera(wanted, std::chrono::duration_cast<milliseconds>(out.facts.duration));
    const auto rate = out.facts.frame_rate;
    const milliseconds a_picture{rate.num > 0 ? 1000 * rate.den / rate.num + 1 : 40};
    bool sounds = !out.facts.audio_codec.empty();
    const auto listen_until = [&](milliseconds until) {
        while (sounds && sound.length() < until) {
            const auto some = scan.next_samples();
            sounds = !some.empty();
            sound.add(some);
        }
    };
    player::Grid grid;
    std::int64_t count = 0;
    while (const auto pts = scan.next_picture(grid)) {
        static_cast<void>(clock.picture(*pts));
        motion.add(*pts, scan);
        ++count;
        const auto at = time_of(*pts);
        last_step.add(at);
        const auto at_ms = std::chrono::duration_cast<milliseconds>(at);
        within_an_hour(path, at_ms);
        pictures.add(at, grid);
        camera.look(scan, at, at_ms + a_picture);
        listen_until(at_ms);
    }
    listen_until(longest + 1s);
    within_an_hour(path, sound.length());
    out.facts = scan.facts();  // where the clock jumped, its length is unknown
    out.duration = clock.end(path, scan.pictures_end(), scan.corrupt());
    out.rate = motion.rate();
    out.segmented = motion.segmented();
    const bool stands = count == 1 && out.duration < 1s;
    if (stands && sound.length() < 1s) throw Error(still_text(path));
    if (stands) out.duration = whole_frames(sound.length());
    out.picture_findings = pictures.finish(out.duration);
    if (stands) out.picture_findings = {standing_finding(out.duration)};
    const auto pictures_end = stands ? microseconds(out.duration) : time_of(scan.pictures_end());
    const bool cut =
        scan.ends_within_a_piece() || (!says_its_length(out.facts.container) && last_step.misses_pictures());
    const auto torn = torn_findings(path, out.facts, {pictures_end, sound.length(), cut});
    out.picture_findings.insert(out.picture_findings.end(), torn.begin(), torn.end());
    out.stills = camera.take();
    out.sounds = sound.length() > 0ms;
    out.sound = sound.facts();
    out.sound_findings = sound.findings();
    if (torn.empty()) length_finding(out, pictures_end);
    return out;
}

Watched watch_sound(const std::string& path) {
    auto reader = opened<player::Reader>(path, path, player::Reader::Want::sound, 0, 0,
                                         player::FrameSelection{}, author_limits());
    refuse_joined(path);
    Watched out;
    out.facts = reader.facts();
    quality::SoundWatch sound;
    reader.listen([&sound](const player::SourceSamples& samples) { sound.add_source(samples); });
    for (auto some = reader.next_samples(); !some.empty(); some = reader.next_samples()) {
        sound.add(some);
        within_an_hour(path, sound.length());
    }
    if (reader.corrupt() > 0)
        throw Error(path + ": " + std::to_string(reader.corrupt()) +
                    " pieces of its sound do not decode; export it again");
    out.sounds = sound.length() > 0ms;
    out.sound = sound.facts();
    out.sound_findings = sound.findings();
    for (auto& finding : torn_findings(path, out.facts, {0ms, sound.length(), reader.ends_within_a_piece()}))
        out.sound_findings.push_back(std::move(finding));
    return out;
}

}  // namespace riverlight::author
