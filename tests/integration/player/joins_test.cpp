// Real files through decoder, timeline and outlet, read back frame by frame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <numeric>

#include "content/base/files.hpp"
#include "player/canvas/canvas.hpp"
#include "player/outlet/outlet.hpp"
#include "player/source/media.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

class JoinsTest : public testing::Test {
  protected:
    static Cue cue(const std::string& id, const std::string& picture) {
        Cue c;
        c.airing = id;
        c.media.picture = picture;
        c.media.locale = "en";
        return c;
    }
    /// Plays all cues into an outlet without pacing; returns the number of frames and collects the events.
    std::int64_t play(const std::vector<Cue>& cues, const OutletOptions& options,
                      const std::vector<Command>& then = {}) {
        auto outlet = make_outlet(options);
        Canvas canvas(black(1280, 720));
        Timeline timeline({format_of(options), 1500ms, true}, open_media,
                          [&](const Event& e) { events_.push_back(e); });
        for (const auto& c : cues) timeline.handle(c, noon);
        for (const auto& c : then) timeline.handle(c, noon);
        timeline.handle(Quit{true}, noon);
        std::int64_t frame = 0;
        for (; frame < 5000; ++frame) {
            const auto step = timeline.step(noon + frame * 40ms, frame);
            if (timeline.finished() && step.on_slate) break;
            outlet->show(canvas.compose(step.piece), step.piece.samples, frame);
        }
        outlet->finish();
        return frame;
    }
    std::vector<std::string> ends() {
        std::vector<std::string> out;
        for (const auto& event : events_)
            if (const auto* off = std::get_if<OffAir>(&event))
                out.push_back(off->airing + ' ' + std::string(to_text(off->status)) + ' ' +
                              std::to_string(off->frames));
        return out;
    }
    /// The numbers on a file's frames, and the positions of its clicks.
    std::pair<std::vector<int>, std::vector<std::int64_t>> read_back(const std::string& path) {
        Reader pictures(path, Reader::Want::picture, 0, 0);
        std::vector<int> numbers;
        while (const auto frame = pictures.next_picture()) {
            const auto number = test::number_on(frame->picture);
            numbers.push_back(number ? static_cast<int>(*number) : -1);
        }
        Reader sound(path, Reader::Want::sound, 0, 0);
        Samples all;
        for (auto run = sound.next_samples(); !run.empty(); run = sound.next_samples())
            all.insert(all.end(), run.begin(), run.end());
        return {numbers, test::clicks_in(all)};
    }
    test::Folder folder_;
    std::vector<Event> events_;
};

TEST_F(JoinsTest, EveryFrameOfEveryClipLeavesTheFeedOnceWithItsSound) {
    const std::vector<int> lengths{50, 33, 25, 8, 75};
    std::vector<Cue> cues;
    std::vector<int> wanted;
    std::vector<std::int64_t> wanted_clicks;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto first = static_cast<unsigned>(1000 * (i + 1));
        cues.push_back(cue("c" + std::to_string(i),
                           test::write_clip(folder_ / (std::to_string(i) + ".mp4"), first, lengths[i])));
        for (int n = 0; n < lengths[i]; n += 25)
            wanted_clicks.push_back(static_cast<std::int64_t>(wanted.size() + static_cast<std::size_t>(n)) *
                                    1920);
        for (int n = 0; n < lengths[i]; ++n) wanted.push_back(static_cast<int>(first) + n);
    }
    const auto frames = play(cues, {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon});
    EXPECT_EQ(frames, static_cast<std::int64_t>(wanted.size()));
    const auto [numbers, clicks] = read_back(folder_ / "out.ts");
    EXPECT_EQ(numbers, wanted) << "none lost, none doubled, no hole";
    ASSERT_EQ(clicks.size(), wanted_clicks.size());
    for (std::size_t i = 0; i < clicks.size(); ++i)
        EXPECT_NEAR(static_cast<double>(clicks[i]), static_cast<double>(wanted_clicks[i]), 48.0)
            << "sound within 1 ms of its picture, click " << i;
    EXPECT_THAT(ends(),
                ElementsAre("c0 aired 50", "c1 aired 33", "c2 aired 25", "c3 aired 8", "c4 aired 75"));
}

TEST_F(JoinsTest, ABrokenFileCostsItsNeighboursNoFrame) {
    const auto a = test::write_clip(folder_ / "a.mp4", 100, 30),
               b = test::write_clip(folder_ / "b.mp4", 200, 30);
    const auto torn = test::write_clip(folder_ / "torn.mp4", 300, 30);
    std::filesystem::resize_file(torn, std::filesystem::file_size(torn) / 5);
    const auto text = folder_.write("text.mp4", "this is no film");
    static_cast<void>(play(
        {cue("a", a), cue("torn", torn), cue("text", text), cue("gone", folder_ / "gone.mp4"), cue("b", b)},
        {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon}));
    std::vector<int> good;
    for (const auto number : read_back(folder_ / "out.ts").first)
        if (number / 100 != 3) good.push_back(number);
    std::vector<int> wanted(60);
    std::iota(wanted.begin(), wanted.begin() + 30, 100);
    std::iota(wanted.begin() + 30, wanted.end(), 200);
    EXPECT_EQ(good, wanted);
    for (const auto& event : events_)
        if (const auto* off = std::get_if<OffAir>(&event);
            off && (off->airing == "text" || off->airing == "gone")) {
            EXPECT_EQ(off->status, content::AiringStatus::failed);
            EXPECT_THAT(off->reason, HasSubstr(off->airing)) << "the reason names the file";
        }
    EXPECT_EQ(ends().size(), 5U);
}

TEST_F(JoinsTest, ANamedPipeIsRefusedWithoutBlocking) {
    // Opening a pipe without a writer would block for ever.
    const auto pipe = folder_ / "pipe.mp4";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto b = test::write_clip(folder_ / "b.mp4", 200, 10);
    static_cast<void>(play({cue("pipe", pipe), cue("folder", folder_.path()), cue("b", b)},
                           {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon}));
    EXPECT_THAT(ends(), ElementsAre("pipe failed 0", "folder failed 0", "b aired 10"));
}

TEST_F(JoinsTest, OtherFrameRatesAreConverted) {
    // 50 frames a second: every second one is skipped and counted.
    WriterOptions fast;
    fast.width = 640;
    fast.height = 360;
    fast.frame_rate = {50, 1};
    fast.sound = false;
    FileWriter writer(folder_ / "fast.mp4", fast);
    for (unsigned i = 0; i < 100; ++i) writer.add(test::numbered(640, 360, i));
    writer.finish();
    static_cast<void>(
        play({cue("fast", folder_ / "fast.mp4")}, {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon}));
    ASSERT_EQ(events_.empty(), false);
    for (const auto& event : events_)
        if (const auto* off = std::get_if<OffAir>(&event)) {
            EXPECT_EQ(off->frames, 50);
            EXPECT_NEAR(static_cast<double>(off->lost), 50, 1);
            EXPECT_EQ(off->samples, 50 * 1920) << "silence where there is no sound";
        }
}

TEST_F(JoinsTest, VariableFrameRateIsShownByPresentationTime) {
    // As a phone films in the dark: for a while every third picture alone, once none for two seconds.
    static_cast<void>(test::write_clip(folder_ / "even.mp4", 0, 150));
    const auto kept = [](int n) { return n < 30 || (n < 60 && n % 3 == 0) || n >= 110; };
    const auto line = "ffmpeg -v error -i " + (folder_ / "even.mp4") +
                      " -vf \"select='lt(n,30)+lt(n,60)*not(mod(n,3))+gte(n,110)'\" -vsync passthrough -c:v "
                      "libx264 -qp 20 -c:a copy " +
                      (folder_ / "uneven.mp4");
    ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    static_cast<void>(play({cue("uneven", folder_ / "uneven.mp4")},
                           {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon}));
    std::vector<int> wanted(150);
    for (int n = 0, last = 0; n < 150; ++n) wanted[std::size_t(n)] = last = kept(n) ? n : last;
    const auto [numbers, clicks] = read_back(folder_ / "out.ts");
    EXPECT_EQ(numbers, wanted);
    ASSERT_EQ(clicks.size(), 6U);
    for (std::size_t i = 0; i < clicks.size(); ++i)
        EXPECT_NEAR(static_cast<double>(clicks[i]), static_cast<double>(i) * 25 * 1920, 48.0);
    EXPECT_THAT(ends(), ElementsAre("uneven aired 150"));
}

TEST_F(JoinsTest, AJoinInProgressShowsTheRightFrameAndSound) {
    // Late by 5.2 s, as after a power cut: the picture of frame 130, and the clicks where the whole clip has
    // them.
    auto late = cue("late", test::write_clip(folder_ / "late.mp4", 0, 180));
    late.start = noon - 5200ms;
    static_cast<void>(play({late}, {{"file:" + (folder_ / "out.ts")}, "720p25", "", noon}));
    const auto [numbers, clicks] = read_back(folder_ / "out.ts");
    std::vector<int> wanted(50);
    std::iota(wanted.begin(), wanted.end(), 130);
    EXPECT_EQ(numbers, wanted);
    ASSERT_EQ(clicks.size(), 2U);
    EXPECT_NEAR(static_cast<double>(clicks[0]), 20 * 1920.0, 48.0);
    EXPECT_NEAR(static_cast<double>(clicks[1]), 45 * 1920.0, 48.0);
    EXPECT_THAT(ends(), ElementsAre("late aired 50"));
}

TEST_F(JoinsTest, PicturesBeforeAJoinDoNotCountAsSkipped) {
    WriterOptions fast;
    fast.width = 640;
    fast.height = 360;
    fast.frame_rate = {50, 1};
    fast.sound = false;
    FileWriter writer(folder_ / "fast.mp4", fast);
    for (unsigned i = 0; i < 500; ++i) writer.add(test::numbered(640, 360, i));
    writer.finish();
    Reader reader(folder_ / "fast.mp4", Reader::Want::picture, 640, 360, {{25, 1}, 200});
    std::vector<int> numbers;
    int skipped = 0;
    while (const auto frame = reader.next_picture()) {
        numbers.push_back(static_cast<int>(test::number_on(frame->picture).value_or(9999)));
        skipped += frame->skipped;
    }
    ASSERT_GE(numbers.size(), 50U);
    EXPECT_EQ(numbers[0], 400);
    EXPECT_EQ(numbers[1], 402);
    EXPECT_EQ(numbers[49], 498);
    EXPECT_EQ(skipped, 50) << "one before each that is shown, and nothing from before the join";
}

TEST_F(JoinsTest, ARestartedFeedContinuesTimeAndCounters) {
    const auto a = test::write_clip(folder_ / "a.mp4", 100, 50);
    const auto state = folder_ / "state";
    static_cast<void>(play({cue("a", a)}, {{"file:" + (folder_ / "1.ts")}, "720p25", state, noon}));
    static_cast<void>(play({cue("a", a)}, {{"file:" + (folder_ / "2.ts")}, "720p25", state, noon + 4s}));
    const auto packets = [&](const std::string& name) {
        std::ifstream in(folder_ / name, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    // Continuity counters by PID go through both runs without a jump, and the first PCR of the second lies
    // four seconds after the first run's.
    std::map<unsigned, unsigned> last;
    std::vector<std::uint64_t> first_pcr;
    int jumps = 0;
    for (const auto* name : {"1.ts", "2.ts"}) {
        const auto bytes = packets(name);
        ASSERT_EQ(bytes.size() % 188, 0U);
        bool have_pcr = false;
        for (std::size_t at = 0; at < bytes.size(); at += 188) {
            const auto* p = reinterpret_cast<const std::uint8_t*>(bytes.data() + at);
            ASSERT_EQ(p[0], 0x47);
            const unsigned pid = (p[1] & 0x1fU) << 8 | p[2];
            if (pid == 0x1fff) continue;
            if (!have_pcr && (p[3] & 0x20) && p[4] >= 7 && (p[5] & 0x10)) {
                have_pcr = true;
                first_pcr.push_back(std::uint64_t{p[6]} << 25 | std::uint64_t{p[7]} << 17 |
                                    std::uint64_t{p[8]} << 9 | std::uint64_t{p[9]} << 1 | p[10] >> 7);
            }
            if (!(p[3] & 0x10)) continue;
            const auto counter = p[3] & 15U;
            const auto found = last.find(pid);
            jumps += found != last.end() && counter != ((found->second + 1) & 15);
            last[pid] = counter;
        }
    }
    EXPECT_EQ(jumps, 0);
    ASSERT_EQ(first_pcr.size(), 2U);
    EXPECT_NEAR(static_cast<double>(first_pcr[1] - first_pcr[0]), 4 * 90'000.0, 3600.0 * 2);
}

TEST_F(JoinsTest, CaptureKeepsEveryFrameAndSample) {
    const auto a = test::write_clip(folder_ / "a.mp4", 7, 5);
    static_cast<void>(play({cue("a", a)}, {{"capture:" + (folder_ / "out")}, "", "", noon}));
    // Formats that every tool reads: five whole pictures, and a fifth of a second of 16-bit stereo.
    const auto frames = read_file(folder_ / "out/frames.y4m", 16U << 20);
    EXPECT_THAT(frames, testing::StartsWith("YUV4MPEG2 W1280 H720 F25:1"));
    const std::size_t head = frames.find('\n') + 1, picture = 6 + 1280 * 720 * 3 / 2;
    EXPECT_EQ(frames.size(), head + 5 * picture);
    EXPECT_EQ(read_file(folder_ / "out/sound.wav", 1U << 20).size(), 44U + 5 * 1920 * 4);
}

TEST_F(JoinsTest, AnUnknownOutletIsRefused) {
    EXPECT_THAT(
        test::unread([&] {
            static_cast<void>(make_outlet({{"television"}, "", "", noon}));
        }),
        testing::AllOf(test::Refuses(ReadFault::unsupported, "kind"), test::Of("output 'television'")));
    EXPECT_THROW(static_cast<void>(make_outlet({{"udp://nowhere"}, "720p25", "", noon})), Error);
    EXPECT_THROW(static_cast<void>(make_outlet({{"file:/nowhere/out.ts"}, "720p25", "", noon})), Error);
}

}  // namespace
}  // namespace riverlight::player
