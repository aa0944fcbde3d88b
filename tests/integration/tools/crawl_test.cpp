// Crawling straps in renditions for feeds: built from an authored folder, and measured in the decoded
// pictures.
#include "player/text/crawl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "player/canvas/canvas.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/outlet/outlet.hpp"
#include "player/text/engine.hpp"
#include "player/timeline/timeline.hpp"
#include "tests/support/folder.hpp"
#include "tools/author/build.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int width = 1280, height = 720, furthest = 16;
constexpr auto number = "1800 000 000 000 000";

std::optional<player::CrawlingStrap> strap_of(const std::string& label, const std::string& locale) {
    return player::TextEngine(width, height)
        .crawling_strap(label, number, locale, player::crawl_rate(width, 25, 1));
}

/// The shortest repetition of `word` that crawls, so that it passes quickly.
std::string long_label(const std::string& word, const std::string& locale) {
    auto label = word;
    while (!strap_of(label, locale)) label += ' ' + word;
    return label;
}

const std::map<std::string, std::string>& labels() {
    static const std::map<std::string, std::string> all{{"en", long_label("Call before you leave.", "en")},
                                                        {"km", long_label("សូមទូរសព្ទមកយើងខ្ញុំ", "km")}};
    return all;
}

/// The area in which the words move. of() returns its luma, in rows of `wide()` columns.
struct Band {
    int left = 0, right = 0, top = 0, bottom = 0, step = 0;
    [[nodiscard]] int wide() const { return right - left; }
    [[nodiscard]] std::vector<std::uint8_t> of(const player::Picture& picture) const {
        std::vector<std::uint8_t> out;
        for (int y = top; y < bottom; ++y) {
            const auto row = picture.y.begin() + y * picture.width;
            out.insert(out.end(), row + left, row + right);
        }
        return out;
    }
};

Band band_for(const std::string& locale) {
    const auto crawl = strap_of(labels().at(locale), locale).value().crawl;
    return {crawl.left, crawl.right, crawl.strip.y, crawl.strip.y + crawl.strip.height, crawl.rate.step};
}

/// Frames until the words of every language have passed once, rounded up to whole seconds.
std::int64_t frames_to_pass_once() {
    std::int64_t longest = 0;
    for (const auto& [locale, label] : labels())
        longest = std::max(longest, strap_of(label, locale).value().crawl.frames_once());
    return (longest + 24) / 25 * 25;
}

/// The mean difference of two bands after moving the first to the left by `by` columns, in each fourth row.
double apart(const Band& band, const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now,
             int by) {
    std::int64_t sum = 0, count = 0;
    for (int y = 0; y < band.bottom - band.top; y += 4) {
        const auto* const was = before.data() + y * band.wide() + by;
        const auto* const is = now.data() + y * band.wide();
        for (int x = furthest; x < band.wide() - furthest; ++x, ++count) sum += std::abs(was[x] - is[x]);
    }
    return static_cast<double>(sum) / static_cast<double>(count);
}

/// By how many columns the words have moved to the left: the offset with the smallest difference.
int moved(const Band& band, const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now) {
    int best = 0;
    double least = apart(band, before, now, 0);
    for (int by = -furthest; by <= furthest; ++by) {
        const auto difference = apart(band, before, now, by);
        if (difference < least) best = by, least = difference;
    }
    return best;
}

/// The canvas column of the first letter, whose ink is far lighter than the panel; `right` if there is none.
int first_ink(const Band& band, const std::vector<std::uint8_t>& shown) {
    for (int x = 0; x < band.wide(); ++x)
        for (int y = 0; y < band.bottom - band.top; ++y)
            if (shown[static_cast<std::size_t>(y * band.wide() + x)] > 150) return band.left + x;
    return band.right;
}

class CrawlTest : public testing::Test {
  protected:
    /// One build for all tests, because each rendition has some hundred frames.
    static void SetUpTestSuite() {
        folder_ = std::make_unique<test::Folder>();
        frames_ = frames_to_pass_once();
        write("segment.toml",
              "format = 1\nid = \"crawl\"\nrevision = 1\nrating = \"general\"\ntopics = []\nfallback = "
              "\"en\"\n");
        write("cards.toml",
              "[[card]]\nseconds = " + std::to_string(frames_ / 25) + "\nheading = \"title\"\n");
        for (const auto& [locale, label] : labels())
            write(locale + "/strings.toml",
                  "title = \"T\"\nstrap = \"" + label + "\"\nhotline = \"" + number + "\"\ncrawl = true\n");
        made_ = build_segment(read_segment(*folder_ / "source"), *folder_ / "out", {}, {{"720p25"}});
    }
    static void TearDownTestSuite() { folder_.reset(); }
    static void write(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(*folder_ / ("source/" + name)).parent_path());
        folder_->write("source/" + name, text);
    }
    static std::string rendition(const std::string& locale) {
        const auto& sha256 = made_.locales.at(locale).renditions.at("720p25");
        return *folder_ / ("out/media/" + made_.files.at(sha256).name());
    }
    /// Of each of a file's frames the band, from `first` on, as many as `count`.
    static std::vector<std::vector<std::uint8_t>> bands(const std::string& path, const Band& band,
                                                        std::int64_t first = 0,
                                                        std::int64_t count = 100'000) {
        player::Reader reader(path, player::Reader::Want::picture, 0, 0);
        std::vector<std::vector<std::uint8_t>> out;
        for (std::int64_t n = 0; n < first + count; ++n) {
            const auto frame = reader.next_picture();
            if (!frame) break;
            if (n >= first) out.push_back(band.of(frame->picture));
        }
        return out;
    }
    /// Expects the first letter n steps from the band's right edge on the item's frame n, until it has
    /// crossed the band. Allows for the letter's bearing and one column of coding error.
    static void expect_from_its_start(const Band& band, const std::vector<std::vector<std::uint8_t>>& shown) {
        EXPECT_EQ(first_ink(band, shown.at(0)), band.right) << "the first frame shows no word";
        const auto crossing = std::min<std::size_t>(shown.size(), std::size_t(band.wide() / band.step));
        const int bearing = first_ink(band, shown.at(10)) + 10 * band.step - band.right;
        EXPECT_GE(bearing, 0);
        EXPECT_LE(bearing, 8);
        for (std::size_t n = 4; n < crossing; ++n)
            EXPECT_NEAR(first_ink(band, shown[n]), band.right + bearing - static_cast<int>(n) * band.step, 1)
                << "frame " << n;
    }
    static inline std::unique_ptr<test::Folder> folder_;
    static inline content::Manifest made_;
    static inline std::int64_t frames_ = 0;
};

TEST_F(CrawlTest, ARenditionsWordsMoveByTheSamePixelsOnEveryFrame) {
    for (const auto& [locale, label] : labels()) {
        const auto band = band_for(locale);
        const auto shown = bands(rendition(locale), band);
        ASSERT_GE(shown.size(), static_cast<std::size_t>(frames_)) << locale;
        expect_from_its_start(band, shown);
        // From the frame on which enough of the first word is visible to be matched.
        const auto from = static_cast<std::size_t>(3 * furthest / band.step);
        for (std::size_t n = from; n + 1 < static_cast<std::size_t>(frames_); ++n) {
            ASSERT_EQ(moved(band, shown[n], shown[n + 1]), band.step) << locale << ", frame " << n;
            ASSERT_LT(apart(band, shown[n], shown[n + 1], band.step), 6) << locale << ", frame " << n;
        }
        EXPECT_GT(apart(band, shown[100], shown[101], 0), 12) << "words that do not move would differ";
    }
}

TEST_F(CrawlTest, EachSplicedItemCrawlsFromItsOwnStart) {
    const auto now = *from_rfc3339("2026-11-24T05:00:00Z");
    const player::OutletOptions options{{"file:" + (*folder_ / "out.ts")}, "720p25", "", now};
    const auto outlet = player::make_outlet(options);
    player::Canvas canvas(player::black(width, height));
    player::Timeline timeline({player::format_of(options), 1500ms, true}, player::opener_of(options),
                              [](const player::Event&) {});
    constexpr std::int64_t each = 90;  // on the grid of three
    const std::vector<std::string> order{"en", "km", "en"};
    for (const auto& locale : order) {
        player::Cue cue;
        cue.airing = "a" + std::to_string(&locale - order.data());
        cue.media.rendition = player::Rendition{rendition(locale), ""};
        cue.duration = each * 40ms;
        timeline.handle(cue, now);
    }
    timeline.handle(player::Quit{true}, now);
    for (std::int64_t frame = 0; frame < 1000; ++frame) {
        const auto step = timeline.step(now + frame * 40ms, frame);
        if (timeline.finished() && step.on_slate) break;
        ASSERT_TRUE(step.piece.coded) << "spliced, not encoded again";
        outlet->splice(*step.piece.coded, frame);
    }
    outlet->finish();
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto band = band_for(order[i]);
        const auto shown = bands(*folder_ / "out.ts", band, static_cast<std::int64_t>(i) * each, each);
        ASSERT_EQ(shown.size(), static_cast<std::size_t>(each)) << "item " << i;
        SCOPED_TRACE("item " + std::to_string(i));
        expect_from_its_start(band, shown);
    }
}

}  // namespace
}  // namespace riverlight::author
