// Renditions spliced and other items encoded into one feed, in many orders, and decoded frame by frame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "content/base/files.hpp"
#include "player/av/bitstream.hpp"
#include "player/av/coded_file.hpp"
#include "player/av/stream_encoder.hpp"
#include "player/canvas/canvas.hpp"
#include "player/feed/feed.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/outlet/airing_reporter.hpp"
#include "player/outlet/outlet.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/ts_check.hpp"

namespace riverlight::player {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

class SpliceTest : public testing::Test {
  protected:
    /// Frames [first, first + frames) with their clicks, as a rendition.
    RenditionFacts rendition(const std::string& path, unsigned first, int frames, const Profile& profile) {
        return make_rendition(path, profile, [=]() -> NextFrame {
            return [=, n = 0, sound = test::clicks(frames)](Picture& picture, Samples& samples) mutable {
                if (n == frames) return false;
                picture = test::numbered(profile.format.width, profile.format.height,
                                         first + static_cast<unsigned>(n));
                const auto size = profile.format.samples_a_frame() * 2;
                samples.assign(sound.begin() + n * size, sound.begin() + (n + 1) * size);
                ++n;
                return true;
            };
        });
    }
    static Cue cue(const std::string& id, const std::string& picture, const std::string& rendition = "") {
        Cue c;
        c.airing = id;
        c.media.picture = picture;
        if (!rendition.empty()) c.media.rendition = Rendition{rendition, ""};
        return c;
    }
    void play(const std::vector<Command>& commands, const std::string& out, const std::string& profile,
              const std::string& state = "", Instant now = noon) {
        const OutletOptions options{{"file:" + out}, profile, state, now};
        const auto outlet = make_outlet(options);
        const auto format = format_of(options);
        AiringReporter reporter(*outlet, format, [&](const Event& e) { events_.push_back(e); });
        Canvas canvas(black(format.width, format.height));
        Timeline timeline({format, 1500ms, true}, opener_of(options),
                          [&](const Event& e) { reporter.handle(e); });
        for (const auto& command : commands) timeline.handle(command, now);
        timeline.handle(Quit{true}, now);
        const auto frame_time = std::chrono::microseconds(1'000'000 * format.rate.den / format.rate.num);
        for (std::int64_t frame = 0; frame < 5000; ++frame) {
            const auto step = timeline.step(now + frame * frame_time, frame);
            if (timeline.finished() && step.on_slate) break;
            if (!step.locale.empty()) outlet->set_language(LanguageCode::of_tag(step.locale));
            if (step.piece.coded)
                outlet->splice(*step.piece.coded, frame);
            else
                outlet->show(canvas.compose(step.piece), step.piece.samples, frame);
            reporter.add_frame(step.airing, {!step.held, step.piece.coded != nullptr});
            reporter.poll();
        }
        outlet->finish();
        reporter.finish();
        EXPECT_EQ(outlet->alarm(), "");
    }
    static std::vector<int> numbers_of(const std::string& path) {
        Reader pictures(path, Reader::Want::picture, 0, 0);
        std::vector<int> numbers;
        while (const auto frame = pictures.next_picture()) {
            const auto number = test::number_on(frame->picture);
            numbers.push_back(number ? static_cast<int>(*number) : -1);
        }
        return numbers;
    }
    static std::vector<std::int64_t> clicks_of(const std::string& path) {
        Reader sound(path, Reader::Want::both, 0, 0);  // from where the first picture is
        Samples all;
        for (auto run = sound.next_samples(); !run.empty(); run = sound.next_samples())
            all.insert(all.end(), run.begin(), run.end());
        return test::clicks_in(all);
    }
    static test::TsReport report_of(const std::string& path) {
        return test::TsChecker(read_file(path, 256U << 20)).report();
    }
    /// Frames of each airing that left, and how.
    struct Delivered {
        std::string airing;
        std::int64_t frames = 0, spliced = 0, encoded = 0;
        friend bool operator==(const Delivered&, const Delivered&) = default;
    };
    [[nodiscard]] std::vector<Delivered> delivered() const {
        std::vector<Delivered> all;
        for (const auto& e : events_)
            if (const auto* off = std::get_if<OffAir>(&e))
                all.push_back({off->airing, off->frames, std::stoll(off->evidence.at("frames_spliced")),
                               std::stoll(off->evidence.at("frames_encoded"))});
        return all;
    }
    /// The languages that the PMT says, each with the PTS of the first sound after it.
    struct Language {
        std::string language;
        int version;
        double seconds;
    };
    static std::vector<Language> languages_of(std::string_view stream) {
        std::vector<Language> all;
        bool waits = false;
        for (std::size_t at = 0; at + 188 <= stream.size(); at += 188) {
            const auto packet = stream.substr(at, 188);
            const auto* p = reinterpret_cast<const std::uint8_t*>(packet.data());
            const unsigned pid = (p[1] & 0x1fU) << 8 | p[2];
            if (!(p[1] & 0x40)) continue;
            const auto payload = packet.substr(p[3] & 0x20 ? 5U + p[4] : 4U);
            const auto* b = reinterpret_cast<const std::uint8_t*>(payload.data());
            if (pid == 0x100) {
                const std::string language(payload.substr(payload.find("\x0a\x04") + 2, 3));
                if (!all.empty() && all.back().language == language) continue;
                all.push_back({language, b[6] >> 1 & 31, 0});
                waits = true;
            }
            if (pid == 0x102 && waits) {
                waits = false;
                all.back().seconds = static_cast<double>(std::int64_t{b[9] >> 1 & 7} << 30 | b[10] << 22 |
                                                         (b[11] >> 1) << 15 | b[12] << 7 | b[13] >> 1) /
                                     90'000;
            }
        }
        return all;
    }
    test::Folder folder_;
    std::vector<Event> events_;
};

struct Clip {
    int first, frames;
    bool rendition;
};

TEST_F(SpliceTest, SplicedAndEncodedItemsFollowEachOtherExactlyInEveryOrder) {
    const auto profile = profile_named("720p25");
    const std::vector<Clip> clips{
        {1000, 30, true}, {2000, 48, true}, {3000, 29, false}, {4000, 34, false}, {5000, 24, true}};
    for (const auto& c : clips) {
        const auto name = folder_ / std::to_string(c.first);
        if (c.rendition)
            static_cast<void>(rendition(name, static_cast<unsigned>(c.first), c.frames, profile));
        else
            static_cast<void>(test::write_clip(name, static_cast<unsigned>(c.first), c.frames));
    }
    const std::vector<std::vector<std::size_t>> orders{
        {0, 1, 4, 0}, {2, 0, 3, 1}, {3, 4, 2, 2}, {1, 3, 3, 0, 2, 4}, {4, 2, 1, 0, 3}};
    for (const auto& order : orders) {
        std::vector<Command> cues;
        std::vector<int> wanted;
        std::vector<std::int64_t> wanted_clicks;
        for (const auto i : order) {
            const auto& c = clips[i];
            // A rendition begins on the grid of three: the item before is held, silent, for a frame or two.
            while (c.rendition && wanted.size() % 3 != 0) wanted.push_back(wanted.back());
            for (int n = 0; n < c.frames; n += 25)
                wanted_clicks.push_back((static_cast<std::int64_t>(wanted.size()) + n) * 1920);
            for (int n = 0; n < c.frames; ++n) wanted.push_back(c.first + n);
            const auto path = folder_ / std::to_string(c.first);
            const auto id = "i" + std::to_string(cues.size());
            cues.emplace_back(c.rendition ? cue(id, "", path) : cue(id, path));
        }
        const auto out = folder_ / "out.ts";
        play(cues, out, "720p25");
        EXPECT_EQ(numbers_of(out), wanted) << "none lost, none repeated but those held";
        const auto clicks = clicks_of(out);
        ASSERT_EQ(clicks.size(), wanted_clicks.size());
        for (std::size_t i = 0; i < clicks.size(); ++i)
            EXPECT_NEAR(static_cast<double>(clicks[i]), static_cast<double>(wanted_clicks[i]), 48.0)
                << "1 ms, click " << i;
        const auto report = report_of(out);
        EXPECT_THAT(report.fails(), IsEmpty());
        EXPECT_NEAR(report.streams.at(0x101).gap_ms, 40, 0.02) << "no gap in the pictures";
        EXPECT_NEAR(report.streams.at(0x102).gap_ms, 24, 0.02) << "or in the sound";
        EXPECT_NEAR(report.streams.at(0x102).typical_gap_ms, 24, 0.02);
    }
}

TEST_F(SpliceTest, EachProfileIsSplicedAndEncodedWithTheSameParameterSets) {
    for (const auto* name : {"720p50", "576i25-mpeg2-ac3", "1080i25-aac"}) {
        const auto profile = profile_named(name);
        const auto a = folder_ / (std::string(name) + "a"), b = folder_ / (std::string(name) + "b");
        const int frames = profile.format.grid * 2 + 1;  // held up to the grid
        const auto facts = rendition(a, 1, frames, profile);
        EXPECT_EQ(rendition(b, 200, frames, profile).parameters, facts.parameters);
        EXPECT_EQ(facts.frames, profile.format.grid * 3);
        const auto live = test::write_clip(folder_ / "live.mp4", 900, 12);
        play({cue("a", "", a), cue("b", "", b), cue("live", live), cue("a2", "", a)}, folder_ / "out.ts",
             name);
        EXPECT_THAT(report_of(folder_ / "out.ts").fails(), IsEmpty()) << name;
        std::string digest;
        StreamEncoder encoder(
            {profile.coding, profile.splice_fullness, 0, false},
            [&](const Bytes& unit, bool key) {
                if (key) digest = parameter_digest(unit, profile.coding.video);
            },
            [](const Bytes&) {});
        encoder.add(black(profile.format.width, profile.format.height),
                    Samples(static_cast<std::size_t>(profile.format.samples_a_frame()) * 2));
        encoder.finish();
        EXPECT_EQ(digest, facts.parameters)
            << name << ": the live encoder has the parameter sets of the renditions";
    }
}

TEST_F(SpliceTest, ABadRenditionIsReportedAndItsItemIsEncoded) {
    const auto profile = profile_named("720p25");
    const auto good = folder_ / "good", torn = folder_ / "torn", text = folder_.write("text", "no film");
    static_cast<void>(rendition(good, 10, 30, profile));
    std::filesystem::copy_file(good, torn);
    std::filesystem::resize_file(torn, std::filesystem::file_size(torn) / 2);
    const auto live = test::write_clip(folder_ / "live.mp4", 900, 12);
    for (const auto& bad : {torn, text, folder_ / "gone", live}) {
        EXPECT_THROW(static_cast<void>(validate_rendition(bad, profile)), Error) << bad;
        events_.clear();
        play({cue("a", "", good), cue("bad", live, bad), cue("b", "", good)}, folder_ / "out.ts", "720p25");
        std::string said;
        for (const auto& e : events_)
            if (const auto* trouble = std::get_if<Trouble>(&e)) said += trouble->what;
        EXPECT_THAT(said, HasSubstr(bad));
        auto numbers = numbers_of(folder_ / "out.ts");
        ASSERT_EQ(numbers.size(), 72U);
        EXPECT_EQ(numbers[30], 900);
        EXPECT_EQ(numbers[41], 911);
        EXPECT_THAT(delivered(), testing::ElementsAre(Delivered{"a", 30, 30, 0}, Delivered{"bad", 12, 0, 12},
                                                      Delivered{"b", 30, 30, 0}));
    }
    EXPECT_THROW(static_cast<void>(validate_rendition(good, profile_named("720p50"))), Error);
    EXPECT_THROW(static_cast<void>(validate_rendition(good, profile_named("720p25-aac"))), Error);
}

TEST_F(SpliceTest, AHardStartCutsARenditionAtTheNearestGridPoint) {
    const auto profile = profile_named("720p25");
    const auto a = folder_ / "a", b = folder_ / "b";
    static_cast<void>(rendition(a, 0, 120, profile));
    static_cast<void>(rendition(b, 500, 30, profile));
    auto hard = cue("b", "", b);
    hard.start = noon + 1640ms;  // frame 41; 42 is on the grid
    play({cue("a", "", a), hard}, folder_ / "out.ts", "720p25");
    const auto numbers = numbers_of(folder_ / "out.ts");
    ASSERT_EQ(numbers.size(), 72U);
    for (int i = 0; i < 72; ++i) EXPECT_EQ(numbers[static_cast<std::size_t>(i)], i < 42 ? i : 500 + i - 42);
    EXPECT_THAT(report_of(folder_ / "out.ts").fails(), IsEmpty());
}

TEST_F(SpliceTest, AnItemThatIsCutOrResumedKeepsToTheGrid) {
    const auto profile = profile_named("720p25");
    static_cast<void>(rendition(folder_ / "a", 1000, 96, profile));
    static_cast<void>(rendition(folder_ / "b", 2000, 48, profile));
    auto first = cue("a", folder_ / "a", folder_ / "a");
    first.duration = 25 * 40ms;  // 27 are on the grid
    auto second = cue("b", folder_ / "b", folder_ / "b");
    second.offset = 20 * 40ms;  // the next key picture is its 24th
    play({first, second}, folder_ / "out.ts", "720p25");
    const auto numbers = numbers_of(folder_ / "out.ts");
    std::vector<int> wanted;
    for (int n = 0; n < 27; ++n) wanted.push_back(1000 + n);
    for (int n = 24; n < 48; ++n) wanted.push_back(2000 + n);
    ASSERT_GE(numbers.size(), wanted.size());
    EXPECT_EQ(std::vector<int>(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(wanted.size())),
              wanted);
    EXPECT_THAT(report_of(folder_ / "out.ts").fails(), IsEmpty());
}

TEST_F(SpliceTest, SendsAvailsAndTheGuideInPlaceOfNullPackets) {
    const auto profile = profile_named("720p25");
    const auto a = folder_ / "a";
    static_cast<void>(rendition(a, 0, 48, profile));
    std::vector<CodedFrame> frames;
    CodedReader reader(a, profile.coding);
    while (auto frame = reader.next()) frames.push_back(std::move(*frame));
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.push_back(make_direct_output(parse_output("file:" + (folder_ / "out.ts")), {}));
    Pacer pacer(std::move(outputs), Pacer::Mode::unpaced);
    Feed feed({profile, {}, "", noon}, pacer);
    feed.set_guide({{{noon - 1min, 65s, LanguageCode::of_tag("km"), "Fair work", ""},
                     {noon + 4s, 30min, LanguageCode::of_tag("en"), "Free movement", ""}}});
    constexpr std::int64_t begin = 241, length = 100;  // 240 is on the grid
    feed.add_avail(7, begin, length);
    for (int i = 0; i < 400; ++i) feed.splice(frames[static_cast<std::size_t>(i % 48)]);
    feed.finish();
    const auto bytes = read_file(folder_ / "out.ts", 64U << 20);
    const test::TsChecker checker(bytes);
    EXPECT_THAT(checker.report().fails(), IsEmpty());
    std::vector<std::pair<bool, std::int64_t>> said;
    for (const auto& section : checker.whole.at(0x103)) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(section.data());
        if (p[13] != 5) continue;
        said.emplace_back(p[19] & 0x80, std::int64_t{p[20] & 1} << 32 | std::int64_t{p[21]} << 24 |
                                            p[22] << 16 | p[23] << 8 | p[24]);
        EXPECT_EQ(p[17], 7);
    }
    std::sort(said.begin(), said.end(), std::greater<>());
    const auto stamp = [&](std::int64_t frame) {
        return feed.mux().pts_of_picture(252 + frame).count();
    };  // the time line begins at 252
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0], std::pair(true, stamp(240)));
    EXPECT_EQ(said[1], std::pair(false, stamp(342)));
    std::string guide;
    for (const auto& section : checker.whole.at(0x12)) guide += section;
    EXPECT_THAT(guide, testing::AllOf(HasSubstr("Fair work"), HasSubstr("Free movement")));
    EXPECT_GE(checker.report().sections.at(0x14), 1) << "TDT";
}

TEST_F(SpliceTest, ThePmtSaysTheLanguageOfTheSoundFromItsFirstFrameOn) {
    for (const auto* name : {"720p25", "720p25-aac", "720p25-ac3"}) {
        const auto profile = profile_named(name);
        const auto path = [&](const std::string& clip) { return folder_ / (name + clip); };
        static_cast<void>(rendition(path("a"), 0, 48, profile));
        static_cast<void>(test::write_clip(path("b"), 500, 30));
        auto thai = cue("a", path("a"), path("a")), khmer = cue("b", path("b")),
             lao = cue("c", path("a"), path("a")), shan = cue("d", "/nowhere.mp4"),
             again = cue("e", path("a"), path("a"));
        thai.media.locale = "th";
        khmer.media.locale = "km";
        lao.media.locale = again.media.locale = "lo";
        shan.media.locale = "shn";
        shan.alternatives = {{{path("b"), "", "", "my", 0}, {}}};  // its own file is missing
        play({thai, khmer, lao, again, shan}, path("out.ts"), name);
        const auto bytes = read_file(path("out.ts"), 256U << 20);
        EXPECT_THAT(test::TsChecker(bytes).report().fails(), IsEmpty()) << name;
        const auto starts = languages_of(bytes);
        // Frames 48, 78 (coded frames begin on the grid), 78 + 2 × 48.
        const auto grid = profile.format.grid;
        const auto second = (78 + grid - 1) / grid * grid;
        ASSERT_EQ(starts.size(), 4U) << name;
        const std::vector<std::pair<const char*, int>> wanted{
            {"tha", 0}, {"khm", 48}, {"lao", second}, {"mya", second + 96}};
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            EXPECT_EQ(starts[i].language, wanted[i].first) << name;
            EXPECT_NEAR(starts[i].seconds - starts[0].seconds, wanted[i].second / 25.0, 0.025)
                << name << ": " << wanted[i].first;
            if (i > 0) {
                EXPECT_EQ(starts[i].version, starts[i - 1].version + 1) << name;
            }
        }
    }
}

TEST_F(SpliceTest, ARestartedFeedSignalsADiscontinuityAndItsTimeStampsContinue) {
    const auto profile = profile_named("720p25");
    const auto a = folder_ / "a", state = folder_ / "state";
    static_cast<void>(rendition(a, 0, 48, profile));
    play({cue("a", "", a)}, folder_ / "1.ts", "720p25", state);
    play({cue("a", "", a)}, folder_ / "2.ts", "720p25", state, noon + 2500ms);
    const auto both = read_file(folder_ / "1.ts", 64U << 20) + read_file(folder_ / "2.ts", 64U << 20);
    const auto report = test::TsChecker(both).report();
    EXPECT_EQ(report.continuity_errors, 0);
    // Pictures, sound, PAT, PMT, SDT, NIT, TDT, SCTE 35.
    EXPECT_EQ(report.discontinuities, 8)
        << "signalled once for each PID, on its first packet after the restart";
    EXPECT_EQ(report.streams.at(0x101).backwards, 0);
    EXPECT_EQ(report.streams.at(0x102).backwards, 0);
}

}  // namespace
}  // namespace riverlight::player
