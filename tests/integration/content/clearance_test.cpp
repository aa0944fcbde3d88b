// Clearances on a board: what a country withdraws, and what a country cannot do to another.
#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

class Cleared : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
        ASSERT_TRUE(sync().changed);
    }
    void clearances(const std::string& more) const {
        write("source/countries/kh/clearances.toml", "format = 1\ncountry = \"KH\"\n" + more);
    }
    void add_country(const std::string& cc, const std::string& code, const std::string& place) {
        SigningKey::generate().save(at("keys/" + cc + ".key"));
        const auto at_country = "source/countries/" + cc + '/';
        write(at_country + "places.toml", "format = 1\ncountry = \"" + code +
                                              "\"\n[hours]\n[[places]]\nid = \"" + place +
                                              "\"\nname = \"One\"\nzone = \"Asia/Vientiane\"\nschedule = "
                                              "\"mekong\"\nlanguages = [{language = \"lo\"}]\n");
        write(at_country + "clearances.toml", "format = 1\ncountry = \"" + code + "\"\nclearances = []\n");
        write(at_country + "hotlines.toml", "format = 1\ncountry = \"" + code + "\"\n[hotlines]\n");
    }
    [[nodiscard]] bool cleared(std::chrono::days later = {}) const {
        const auto set = load();
        const auto day =
            std::chrono::local_days{std::chrono::floor<std::chrono::days>(now_).time_since_epoch()} + later;
        return set->catalogue.countries.at("KH").cleared("false-promise", 1, "km", day);
    }
};

TEST_F(Cleared, AWithdrawalDoesNotWaitForTheMediaOfItsRelease) {
    ASSERT_TRUE(cleared());
    add_segment("second", std::string(1'000'000, 'x'));
    write("source/schedules/mekong.toml", schedule("second"));
    clearances("[[clearances]]\nsegment = \"second\"\nrevision = 1\nlocales = [\"km\"]\n");
    static_cast<void>(publish());
    fs::remove(in_tree(sha256_hex(std::string(1'000'000, 'x'))));  // the line breaks before it
    auto o = options();
    int told = 0;
    o.on_early = [&] {
        ++told;
        EXPECT_FALSE(cleared()) << "the store is updated before the callback";
    };
    EXPECT_THAT(refused<FetchFault>([&] { static_cast<void>(content::sync_channel(o, now_, {})); }),
                Refuses(FetchFault::absent, ""));
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(cleared());
    EXPECT_TRUE(load()->catalogue.segments.contains("false-promise"))
        << "everything else is still the former release";
    EXPECT_THROW(static_cast<void>(content::sync_channel(o, now_, {})), Error);
    EXPECT_EQ(told, 1) << "told once";
    add_segment("second", std::string(1'000'000, 'x'));
    static_cast<void>(publish());
    EXPECT_TRUE(sync().changed);
    EXPECT_EQ(load()->release.find('+'), std::string::npos);
}

TEST_F(Cleared, AClearanceLapsesOnABoardWithoutContact) {
    clearances(
        "offline_days = 10\n[[clearances]]\nsegment = \"false-promise\"\nrevision = 1\nlocales = [\"km\"]\n");
    static_cast<void>(publish());
    ASSERT_TRUE(sync().changed);
    EXPECT_TRUE(cleared(std::chrono::days{10}));
    EXPECT_FALSE(cleared(std::chrono::days{11}));
    now_ += 24h * 3;
    const auto later = sync();
    EXPECT_FALSE(later.changed);
    EXPECT_TRUE(later.later_contact) << "contact on a later day extends the clearances";
    EXPECT_TRUE(cleared(std::chrono::days{10}));
    EXPECT_FALSE(sync().later_contact) << "once a day";
    now_ += 24h * 40;  // expired by now: nothing is heard any more, and the clearance is not prolonged
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(sync()); }), Refuses(TrustFault::expired, ""));
    EXPECT_FALSE(cleared());
}

TEST_F(Cleared, ListsWhatWasClearedThatDayAndIsNoLonger) {
    content::Country had, has;
    had.code = has.code = "KH";
    const auto day = *date_from_iso("2026-11-24");
    had.clearances = {{"one", 1, {"km", "en"}, {}, {}}, {"two", 1, {"km"}, {}, day - std::chrono::days{1}}};
    has.clearances = {{"one", 1, {"km"}, {}, {}}};
    EXPECT_THAT(content::withdrawn(had, has, day), testing::ElementsAre(content::Withdrawal{"one", 1, "en"}));
    EXPECT_TRUE(content::withdrawn(has, had, day).empty());
}

TEST_F(Cleared, AnotherCountryCannotClaimABoardsPlace) {
    add_country("cn", "CN", "cn-1");
    static_cast<void>(publish());
    ASSERT_NO_THROW(static_cast<void>(sync()));
    // Signed by CN's own key, without the check that publishing a source makes.
    auto text = read_file(at("source/countries/cn/places.toml"), 1U << 20);
    text.replace(text.find("cn-1"), 4, "kh-1");
    write("source/countries/cn/places.toml", text);
    EXPECT_THAT(unread([&] { static_cast<void>(publish()); }), Refuses(ReadFault::duplicate, "places.kh-1"));
    const auto kh = at("source/countries/kh"), away = at("kh-away");
    fs::rename(kh, away);
    static_cast<void>(publish());
    fs::rename(away, kh);
    EXPECT_NO_THROW(static_cast<void>(sync()));
    EXPECT_EQ(load()->catalogue.place("kh-1")->country, "KH") << "the board's country does not change";
    fs::remove_all(at("store"));
    EXPECT_THAT(unread([&] { static_cast<void>(sync()); }),
                AllOf(Refuses(ReadFault::duplicate, "places.kh-1"), Of("CN, KH")));
}

TEST_F(Cleared, AFaultInAnotherCountrysRoleDoesNotStopThisBoard) {
    add_country("cn", "CN", "cn-1");
    static_cast<void>(publish());
    auto bytes = read_file(in_tree(".cn.json").string(), 1U << 20);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file_atomically(in_tree(".cn.json").string(), bytes);
    EXPECT_TRUE(sync().changed);
    EXPECT_FALSE(load()->catalogue.countries.contains("CN")) << "a board holds its own country's files only";
    bytes = read_file(in_tree(".kh.json").string(), 1U << 20);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file_atomically(in_tree(".kh.json").string(), bytes);
    fs::remove(at("store/trust/kh.json"));
    EXPECT_THROW(static_cast<void>(sync()), Error) << "its own country's role must verify";
    EXPECT_TRUE(cleared());
    auto everywhere = options();
    everywhere.place.clear();
    everywhere.store_root = at("office");
    EXPECT_THROW(static_cast<void>(content::sync_channel(everywhere, now_, {})), Error)
        << "an office requires all roles";
}

}  // namespace
}  // namespace riverlight::test
