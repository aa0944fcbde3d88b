#include "firmware/outlet/programme.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const std::string picture_hash(64, 'a'), rendition_hash(64, 'b');
const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");

class ProgrammeTest : public testing::Test {
  protected:
    ProgrammeTest() {
        auto spot = test::segment("spot", 30);
        for (const auto& hash : {picture_hash, rendition_hash}) {
            spot.files[hash].sha256 = hash;
            spot.files[hash].ext = "mp4";
        }
        for (auto& [locale, other] : spot.locales) other.picture = picture_hash;
        auto& words = spot.locales.at("km");
        words.strap = "Call first";
        words.hotline = "1280";
        words.renditions["720p25"] = rendition_hash;
        content_->catalogue = test::catalogue({spot});
        content_->media_folder = "/m";
        programme_.place = content_->catalogue.countries.at("KH").places[0];
        programme_.content = content_;
        scheduler::Campaign campaign;
        campaign.id = "c";
        campaign.title = "Safe work";
        programme_.schedule.campaigns.push_back(campaign);
        planned_ = airing(0s, "c");
    }
    static scheduler::PlannedAiring airing(std::chrono::seconds after, const std::string& campaign) {
        scheduler::PlannedAiring a;
        a.start = noon + after;
        a.end = a.start + 30s;
        a.campaign = campaign;
        a.segment = "spot";
        a.locale_asked = a.locale = "km";
        return a;
    }
    std::shared_ptr<content::ContentSet> content_ = std::make_shared<content::ContentSet>();
    Programme programme_;
    scheduler::PlannedAiring planned_;
};

TEST_F(ProgrammeTest, ABlockJoinedInProgressContinuesWhereItWouldBe) {
    planned_.into = 12s;
    planned_.end = planned_.start + 18s;
    const auto cue = programme_.cue_of(planned_, "");
    EXPECT_EQ(cue.offset, 12s);
    EXPECT_EQ(cue.duration, 18s);
}

TEST_F(ProgrammeTest, ACutAiringEndsWhenThePlanSays) {
    planned_.cut = true;
    planned_.end = planned_.start + 7s;
    EXPECT_EQ(programme_.cue_of(planned_, "").duration, 7s);
    EXPECT_EQ(programme_.cue_of(airing(0s, "c"), "").duration, 30s);
}

TEST_F(ProgrammeTest, NamesARenditionThatShowsTheCountrysNumber) {
    const auto cue = programme_.cue_of(planned_, "720p25");
    ASSERT_TRUE(cue.media.rendition);
    EXPECT_EQ(cue.media.rendition->path, "/m/" + rendition_hash + ".mp4");
    EXPECT_EQ(Programme::sha256_of(cue.media), rendition_hash);
    EXPECT_FALSE(programme_.cue_of(planned_, "576i25").media.rendition) << "there is none of that kind";

    content_->catalogue.countries.at("KH").hotlines["km"] = {"999", "Help"};
    const auto other = programme_.cue_of(planned_, "720p25");
    EXPECT_FALSE(other.media.rendition) << "the country has another number than the one burned in";
    EXPECT_EQ(other.media.strap->number, "999");
    EXPECT_EQ(Programme::sha256_of(other.media), picture_hash);
}

TEST_F(ProgrammeTest, NamesTheBestPictureInTheStoreAndTheNextAsAlternative) {
    const std::string tall(64, 'c'), small(64, 'd');
    auto& spot = content_->catalogue.segments.at("spot");
    const auto facts = [&](const std::string& hash, const char* codec, int height) {
        spot.files[hash] = {hash,   "mp4",  1,  "picture", codec, height * 16 / 9,
                            height, "25/1", {}, {},        "",    ""};
    };
    facts(picture_hash, "h264", 720);
    facts(tall, "hevc", 1080);
    facts(small, "h264", 540);
    spot.locales.at("km").ladder = {tall, small};
    programme_.place.picture = {1080, {"hevc", "h264"}};
    const auto shown = [&](std::set<std::string> held, const std::string& profile = "") {
        content_->held.clear();
        for (const auto& hash : held) content_->held.insert(hash + ".mp4");
        auto cue = programme_.cue_of(planned_, profile);
        cue.media.rendition.reset();  // as where it is refused
        EXPECT_EQ(cue.media.picture, "/m/" + Programme::sha256_of(cue.media) + ".mp4");
        const auto next = programme_.other_picture_of(planned_, cue.media);
        return std::pair(Programme::sha256_of(cue.media), next ? Programme::sha256_of(*next) : "none");
    };
    using Shown = std::pair<std::string, std::string>;
    EXPECT_EQ(shown({tall}), Shown(tall, "none"));
    EXPECT_EQ(shown({tall, picture_hash, small}), Shown(tall, picture_hash));
    EXPECT_EQ(shown({picture_hash, small}), Shown(picture_hash, small))
        << "the preferred one is not here yet";
    EXPECT_EQ(shown({small}), Shown(small, "none"));
    EXPECT_EQ(shown({}), Shown(tall, "none")) << "named although it is missing";
    EXPECT_EQ(shown({tall, picture_hash}, "720p25"), Shown(picture_hash, tall))
        << "a feed encodes the segment's own";
    EXPECT_EQ(shown({tall}, "720p25"), Shown(tall, "none"));
    content_->held = {picture_hash + ".mp4", tall + ".mp4"};
    EXPECT_FALSE(programme_.other_picture_of(planned_, programme_.cue_of(planned_, "720p25").media))
        << "a rendition is sent";
    const auto cue = programme_.cue_of(planned_, "");
    const auto other =
        programme_.alternative_of(planned_, planned_, *programme_.other_picture_of(planned_, cue.media));
    EXPECT_EQ(other.media.picture, "/m/" + picture_hash + ".mp4");
    EXPECT_EQ(other.media.locale, "km");
    EXPECT_FALSE(other.filler) << "its own segment";
}

TEST_F(ProgrammeTest, NamesAnInterpreterIfThePlaceAsksForOneAndItsFileIsHere) {
    const std::string sign_hash(64, 'c'), signed_hash(64, 'd');
    auto& spot = content_->catalogue.segments.at("spot");
    auto& words = spot.locales.at("km");
    words.signs["csd"] = sign_hash;
    words.renditions["720p25+csd"] = signed_hash;
    for (const auto& hash : {sign_hash, signed_hash}) {
        spot.files[hash].sha256 = hash;
        spot.files[hash].ext = "mp4";
    }
    EXPECT_FALSE(programme_.cue_of(planned_, "").media.sign) << "nobody asked";
    programme_.place.signs = {"tsq", "csd"};
    const auto cue = programme_.cue_of(planned_, "");
    EXPECT_EQ(cue.media.sign, (content::Sign{"/m/" + sign_hash + ".mp4", "csd"}));
    EXPECT_EQ(programme_.alternative_of(planned_, planned_, cue.media).media.sign, cue.media.sign);
    const auto feed = programme_.cue_of(planned_, "720p25");
    ASSERT_TRUE(feed.media.rendition);
    EXPECT_EQ(feed.media.rendition->path, "/m/" + signed_hash + ".mp4");
    EXPECT_EQ(Programme::sha256_of(feed.media), signed_hash);
    words.renditions.erase("720p25+csd");
    EXPECT_FALSE(programme_.cue_of(planned_, "720p25").media.rendition)
        << "the one without an interpreter is another rendition";
    content_->missing = {sign_hash + ".mp4"};
    EXPECT_FALSE(programme_.cue_of(planned_, "").media.sign);
    EXPECT_TRUE(programme_.cue_of(planned_, "720p25").media.rendition) << "better without than not at all";
}

TEST_F(ProgrammeTest, TheSlateHasThePlacesLanguageAndHotline) {
    EXPECT_THAT(programme_.slate_options(), ElementsAre("--locale", "km"));
    content_->catalogue.countries.at("KH").hotlines["km"] = {"999", "Help"};
    EXPECT_THAT(programme_.slate_options(),
                ElementsAre("--locale", "km", "--slate-label", "Help", "--slate-number", "999"));
}

TEST_F(ProgrammeTest, TheGuideSpeaksTheLanguageOfEachAiring) {
    auto& locales = content_->catalogue.segments.at("spot").locales;
    locales.at("km").title = "ការងារសមរម្យ";
    locales["th"] = locales.at("km");
    locales["th"].title = "งานที่มีคุณค่า";
    locales["th"].strap = "";
    const auto khmer = airing(0s, "c");
    auto thai = airing(30s, "c"), unknown = airing(60s, "c"), lao = airing(90s, "c");
    thai.locale = "th";
    unknown.segment = "withdrawn";
    lao.locale = "lo";
    const auto guide = guide_of(programme_, {&khmer, &thai, &unknown, &lao});
    ASSERT_EQ(guide.items.size(), 2U) << "nothing is known of the others";
    EXPECT_EQ(guide.items[0].language, LanguageCode::of_tag("km"));
    EXPECT_EQ(guide.items[0].title, "ការងារសមរម្យ");
    EXPECT_EQ(guide.items[0].text, "Call first: 1280");
    EXPECT_EQ(guide.items[1].language, LanguageCode::of_tag("th"));
    EXPECT_EQ(guide.items[1].title, "งานที่มีคุณค่า") << "not the campaign's, which is for coordinators";
    EXPECT_EQ(guide.items[1].text, "1280");
    content_->catalogue.countries.at("KH").hotlines["th"] = {"999", "Help"};
    EXPECT_EQ(guide_of(programme_, {&thai}).items.at(0).text, "999") << "as on the screen";
}

TEST_F(ProgrammeTest, TheGuideHasTheRatingOfThePlacesCountry) {
    const auto a = airing(0s, "c");
    auto& rating = content_->catalogue.segments.at("spot").rating;
    const auto said = [&] { return guide_of(programme_, {&a}).items.at(0).rating; };
    EXPECT_FALSE(said()) << "general";
    const auto cambodia = *CountryCode::from_text("KHM");
    rating = content::Rating::guidance;
    EXPECT_EQ(said(), (player::GuideRating{cambodia, 13}));
    rating = content::Rating::late;
    EXPECT_EQ(said(), (player::GuideRating{cambodia, 18}));
}

TEST_F(ProgrammeTest, AiringsThatTouchAndSayTheSameAreOneGuideEvent) {
    const auto a = airing(0s, "c"), b = airing(30s, "other"), apart = airing(10min, "c");
    auto english = airing(60s, "c");
    content_->catalogue.segments.at("spot").locales["en"].title = "Safe work";
    english.locale = "en";
    const auto guide = guide_of(programme_, {&a, &b, &english, &apart});
    ASSERT_EQ(guide.items.size(), 3U);
    EXPECT_EQ(guide.items[0].duration, 60s);
    EXPECT_EQ(guide.items[1].start, english.start);
    EXPECT_EQ(guide.items[2].start, apart.start);
}

TEST_F(ProgrammeTest, AGuidesTextsAreCutBetweenCharacters) {
    auto& words = content_->catalogue.segments.at("spot").locales.at("km");
    const auto a = airing(0s, "c");
    for (std::size_t ascii = 0; ascii < 3; ++ascii) {
        words.title = words.strap = std::string(ascii, 'a');
        for (int i = 0; i < 100; ++i) {
            words.title += "ក";
            words.strap += "ក";
        }
        const player::Guide guide = guide_of(programme_, {&a});
        const auto read = std::get<player::Guide>(player::parse_command(player::to_line(guide)));
        EXPECT_EQ(read.items.at(0).title.size(), (119 - ascii) / 3 * 3 + ascii);
        EXPECT_EQ(read.items.at(0).text.size(), (99 - ascii) / 3 * 3 + ascii);
    }
}

TEST_F(ProgrammeTest, AGuideFitsIntoALine) {
    std::vector<scheduler::PlannedAiring> apart(1000, planned_);
    std::vector<const scheduler::PlannedAiring*> pointers(apart.size());
    for (std::size_t i = 0; i < apart.size(); ++i) {
        apart[i].start += i * 60s;
        apart[i].end += i * 60s;
        pointers[i] = &apart[i];
    }
    const auto guide = guide_of(programme_, pointers);
    EXPECT_GT(guide.items.size(), 150U);
    EXPECT_LE(guide.items.size(), 200U);
    auto& words = content_->catalogue.segments.at("spot").locales.at("km");
    words.title = words.strap = std::string(400, '"');
    content_->catalogue.segments.at("spot").rating = content::Rating::late;
    EXPECT_GT(guide_of(programme_, pointers).items.size(), 80U);
    EXPECT_LE(player::to_line(guide_of(programme_, pointers)).size(), 64U << 10);
}

TEST_F(ProgrammeTest, AScreenHasThePlacesQuietHoursAndAFeedHasNone) {
    programme_.schedule.dayparts["surgery"] = {"surgery", 0x7f, 8h, 13h, {}};
    programme_.place.quiet = {{"surgery", -20.0}, {"unknown", {}}};
    programme_.place.subtitles = false;
    const auto cue = programme_.cue_of(planned_, "");  // noon in Phnom Penh
    ASSERT_EQ(cue.quiet.size(), 1U);
    EXPECT_EQ(to_rfc3339(cue.quiet[0].from), "2026-11-23T01:00:00.000000Z");
    EXPECT_EQ(to_rfc3339(cue.quiet[0].until), "2026-11-23T06:00:00.000000Z");
    EXPECT_EQ(cue.quiet[0].gain_db, -20.0);
    EXPECT_FALSE(cue.subtitled);
    EXPECT_TRUE(programme_.cue_of(airing(4h, "c"), "").quiet.empty()) << "in the afternoon";
    EXPECT_FALSE(programme_.cue_of(airing(1h - 10s, "c"), "").quiet.empty()) << "it ends while that is on";
    const auto feed = programme_.cue_of(planned_, "720p25");
    EXPECT_TRUE(feed.quiet.empty());
    EXPECT_TRUE(feed.subtitled);
}

TEST_F(ProgrammeTest, FillersAreTheLastAlternatives) {
    auto fill = test::segment("fill", 15, {"km", "en"}), vague = test::segment("vague", 15, {"vi"});
    for (auto* segment : {&fill, &vague})
        for (auto& [locale, words] : segment->locales) {
            words.picture = picture_hash;
            words.renditions["720p25"] = rendition_hash;
            for (const auto& hash : {picture_hash, rendition_hash}) {
                segment->files[hash].sha256 = hash;
                segment->files[hash].ext = "mp4";
            }
        }
    auto segments = content_->catalogue.segments;
    content_->catalogue = test::catalogue({segments.at("spot"), fill, vague});
    programme_.place = content_->catalogue.countries.at("KH").places[0];
    scheduler::Booking booking;
    booking.id = "always";
    booking.kind = scheduler::BookingKind::filler;
    booking.segments = {"spot", "fill", "vague", "unknown"};
    programme_.schedule.campaigns[0].bookings = {booking};
    const auto others = programme_.plan_alternatives(planned_);
    ASSERT_EQ(others.size(), 3U) << "spot in English, and the fillers but spot itself";
    EXPECT_EQ(others[0].segment, "spot");
    EXPECT_EQ(others[0].locale, "en");
    std::vector<std::string> fillers{others[1].segment, others[2].segment};
    EXPECT_THAT(fillers, testing::UnorderedElementsAre("fill", "vague"));
    const auto& other = others[1].segment == "fill" ? others[1] : others[2];
    const auto filler = programme_.alternative_of(planned_, other, programme_.cue_of(other, "720p25").media);
    ASSERT_TRUE(filler.filler);
    EXPECT_EQ(filler.filler->segment, "fill");
    EXPECT_EQ(filler.filler->length, 15s);
    EXPECT_EQ(filler.media.locale, "km");
    ASSERT_TRUE(filler.media.rendition) << "a feed has the filler spliced";
    EXPECT_FALSE(
        programme_.alternative_of(planned_, others[0], programme_.cue_of(others[0], "").media).filler)
        << "its own segment";
}

TEST_F(ProgrammeTest, KnowsWhetherItsCountryClearsAnAiring) {
    EXPECT_TRUE(programme_.clears(planned_, noon));
    content_->catalogue.countries.at("KH").clearances.clear();
    EXPECT_FALSE(programme_.clears(planned_, noon));
}

TEST_F(ProgrammeTest, TheAlternativesAreTheLocalesThatTheCountryClearsThatDay) {
    auto& spot = content_->catalogue.segments.at("spot");
    spot.locales.erase("en");
    spot.fallback_locale = "km";
    EXPECT_TRUE(programme_.plan_alternatives(planned_).empty()) << "made in one language only";
    for (const auto* locale : {"en", "th", "vi"}) spot.locales[locale] = spot.locales.at("km");
    auto& clearance = content_->catalogue.countries.at("KH").clearances[0];
    clearance.locales = {"km", "en", "vi"};
    spot.fallback_locale = "en";
    programme_.place.languages = {{"km", 1, {"vi", "th"}}};
    std::vector<std::string> locales;
    for (const auto& other : programme_.plan_alternatives(planned_)) locales.push_back(other.locale);
    EXPECT_THAT(locales, ElementsAre("vi", "en")) << "in the viewers' order; th is not cleared";
}

}  // namespace
}  // namespace riverlight::firmware
