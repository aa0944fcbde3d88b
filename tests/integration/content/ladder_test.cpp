// Segments with several pictures: the one for the place's screen is downloaded and carried, and no airing
// is lost when the preference changes.
#include "content/carry/carry_out.hpp"
#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::string house(900, '7'), tall(3000, '9'), small(500, '5'), next(800, 'n');

class Ladder : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        write("source/schedules/mekong.toml", schedule("spot"));
        write("source/countries/kh/clearances.toml",
              "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"spot\"\nrevision = 1\nlocales = "
              "[\"km\"]\n");
        add_segment("spot", house, {{tall, "hevc", 1080}, {small, "h264", 540}});
        places_ = read_file(at("source/countries/kh/places.toml"), 1U << 20);
    }
    void want(const std::string& picture) {
        write("source/countries/kh/places.toml", places_ + picture);
        static_cast<void>(publish());
    }
    [[nodiscard]] std::vector<std::string> media() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(at("store/media")))
            names.push_back(entry.path().filename());
        return names;
    }
    std::string places_;
    const std::string tall_wish_ = "picture = { height = 1080, codecs = [\"hevc\", \"h264\"] }\n";
};

TEST_F(Ladder, APlaceDownloadsOnlyThePictureForItsScreen) {
    want("");
    static_cast<void>(sync());
    EXPECT_THAT(media(), ElementsAre(name_of(house))) << "the default without a preference";
    fs::remove_all(at("store"));
    want("[places.picture]\nheight = 1080\ncodecs = [\"hevc\", \"h264\"]\n");
    static_cast<void>(sync());
    EXPECT_THAT(media(), ElementsAre(name_of(tall)));
    EXPECT_THAT(load()->missing, IsEmpty());
    EXPECT_THAT(load()->held, ElementsAre(name_of(tall)));
    EXPECT_EQ(load()->catalogue.place("kh-1")->picture, (content::PicturePreference{1080, {"hevc", "h264"}}));
    fs::remove_all(at("store"));
    want("picture = { height = 600 }\n");
    static_cast<void>(sync());
    EXPECT_THAT(media(), ElementsAre(name_of(small)));
}

TEST_F(Ladder, AStickCarriesThePictureForAPlacesScreen) {
    want(tall_wish_);
    fs::create_directories(root_ / "stick");
    content::CarryOptions o;
    o.channel = at("tree");
    o.stick = at("stick");
    o.places = {"kh-1"};
    static_cast<void>(content::carry_out(o, now_, {}));
    std::vector<std::string> carried;
    for (const auto& entry : fs::recursive_directory_iterator(at("stick")))
        if (entry.path().extension() == ".mp4") carried.push_back(entry.path().filename());
    ASSERT_EQ(carried.size(), 1U);
    EXPECT_EQ(carried[0], sha256_hex(tall) + '.' + name_of(tall));
}

TEST_F(Ladder, KeepsTheFormerPictureUntilTheNewOneIsThere) {
    want("");
    static_cast<void>(sync());
    add_segment("next", next);
    write("source/schedules/mekong.toml", schedule("spot\", \"next"));
    write("source/countries/kh/clearances.toml",
          "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"spot\"\nrevision = 1\nlocales = "
          "[\"km\"]\n[[clearances]]\nsegment = \"next\"\nrevision = 1\nlocales = [\"km\"]\n");
    want(tall_wish_);
    // A takeover does not wait for the newly preferred picture.
    int early = 0;
    auto o = options();
    o.air_times = [&](const content::Facts&) { return content::AirTimes{{{"next", now_}}, {"next"}}; };
    o.on_early = [&] {
        if (!load()->catalogue.segments.contains("next")) return;
        ++early;
        EXPECT_THAT(load()->missing, ElementsAre(name_of(tall)));
        EXPECT_THAT(load()->held, ElementsAre(name_of(house)));
    };
    EXPECT_TRUE(content::sync_channel(o, now_, {}).changed);
    EXPECT_EQ(early, 1);
    EXPECT_THAT(load()->held, UnorderedElementsAre(name_of(house), name_of(tall))) << "both, for a day";
    // A picture that is no longer needed is removed and not listed, once the new release has survived a
    // restart.
    fs::last_write_time(at("store/media/" + name_of(house)), fs::file_time_type::clock::now() - 25h);
    add_segment("later", "another picture");
    static_cast<void>(publish());
    static_cast<void>(sync());
    EXPECT_THAT(load()->held, UnorderedElementsAre(name_of(house), name_of(tall)))
        << "of the last good release";
    o.survived = load()->release;
    static_cast<void>(content::sync_channel(o, now_, {}));
    EXPECT_THAT(load()->held, ElementsAre(name_of(tall)));
}

TEST_F(Ladder, LoadWholeKeepsALocaleWithOneGoodPicture) {
    want("");
    static_cast<void>(sync());
    want(tall_wish_);
    static_cast<void>(sync());
    const content::Store store(at("store"));
    EXPECT_THAT(store.load_whole()->held, UnorderedElementsAre(name_of(house), name_of(tall)));
    const auto spoil = [&](const std::string& picture) {
        std::ofstream(at("store/media/" + name_of(picture)), std::ios::binary)
            << std::string(picture.size(), '!');
    };
    spoil(tall);
    auto set = store.load_whole();
    EXPECT_THAT(set->missing, ElementsAre(name_of(tall)));
    EXPECT_THAT(set->held, ElementsAre(name_of(house)));
    EXPECT_TRUE(set->catalogue.segments.at("spot").locales.contains("km")) << "the other one airs";
    spoil(house);
    set = store.load_whole();
    EXPECT_THAT(set->held, IsEmpty());
    EXPECT_THAT(set->catalogue.segments.at("spot").locales, IsEmpty());
}

}  // namespace
}  // namespace riverlight::test
