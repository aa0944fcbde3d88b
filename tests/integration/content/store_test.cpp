// A board's store: space, order, eviction, scrub, failing disks.
#include <sys/stat.h>

#include "content/store/scrub.hpp"
#include "content/store/space.hpp"
#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string one = "the picture of one", two(3000, '2'), three(2000, '3');

class Stored : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
        static_cast<void>(sync());
    }
    content::SyncResult sync_with(const std::function<void(content::SyncOptions&)>& change,
                                  std::vector<std::string>* order = nullptr) {
        auto o = options();
        change(o);
        return content::sync_channel(o, now_, [&](const std::string& what, std::uint64_t, std::uint64_t) {
            if (order && (order->empty() || order->back() != what)) order->push_back(what);
        });
    }
    content::ScrubReport scrub(std::uint64_t budget = 1U << 30) {
        return content::scrub(at("store"), budget, never_);
    }
    void bend(const std::string& path) const {
        auto bytes = read_file(path, 1U << 20);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        std::ofstream(path, std::ios::binary) << bytes;
    }
    std::atomic<bool> never_ = false;
};

TEST_F(Stored, MediaComeInTheOrderInWhichTheyAir) {
    publish_segments({{"a", two}, {"b", three}, {"c", std::string(1000, 'c')}});
    std::vector<std::string> order;
    static_cast<void>(sync_with(
        [&](auto& o) {
            o.air_times = [&](const content::Facts&) {
                return content::AirTimes{{{"b", now_ + 1h}, {"c", now_ + 3h}, {"a", now_ + 2h}}, {}};
            };
        },
        &order));
    EXPECT_THAT(order, ElementsAre(name_of(three), name_of(two), name_of(std::string(1000, 'c'))));
}

TEST_F(Stored, case_41_what_does_not_fit_its_hash_is_left_out_of_a_store_read_whole) {
    publish_segments({{"a", two}, {"b", three}});
    static_cast<void>(sync());
    const content::Store store(at("store"));
    EXPECT_THAT(store.load_whole()->missing, IsEmpty());
    bend(at("store/media/" + name_of(two)));
    EXPECT_THAT(store.load()->missing, IsEmpty()) << "its size is right";
    const auto set = store.load_whole();
    EXPECT_THAT(set->missing, ElementsAre(name_of(two)));
    EXPECT_THAT(set->catalogue.segments.at("a").locales, IsEmpty());
    EXPECT_THAT(set->catalogue.segments.at("b").locales, SizeIs(1));
    EXPECT_TRUE(held(two)) << "load_whole() removes nothing";
    EXPECT_FALSE(content::Store(at("nothing")).load_whole());
}

TEST_F(Stored, ATakeoverComesFirstAndDoesNotWaitForTheRest) {
    publish_segments({{"a", two}, {"b", three}});
    std::vector<std::string> order;
    std::vector<std::string> at_the_switch;
    static_cast<void>(sync_with(
        [&](auto& o) {
            o.air_times = [&](const content::Facts&) {
                return content::AirTimes{{{"a", now_ + 1h}, {"b", now_ + 3h}}, {"b"}};
            };
            o.on_early = [&] {
                const auto set = load();
                if (!set->catalogue.segments.contains("b")) return;  // the new clearances, before any media
                at_the_switch = order;
                EXPECT_THAT(set->missing, ElementsAre(name_of(two)));
                EXPECT_TRUE(held(three));
            };
        },
        &order));
    EXPECT_THAT(at_the_switch, ElementsAre(name_of(three)));
    EXPECT_THAT(load()->missing, IsEmpty());
}

TEST_F(Stored, ThrowsNoRoomBeforeAnyDownload) {
    publish_segments({{"a", two}, {"b", three}});
    const auto before = load()->release;
    std::vector<std::string> order;
    try {
        static_cast<void>(sync_with([](auto& o) { o.quota = 4000; }, &order));
        FAIL() << "it does not fit";
    } catch (const content::NoRoom& e) {
        EXPECT_EQ(e.needs, 5000U);
        EXPECT_EQ(e.has, 4000U - one.size());
    }
    EXPECT_THAT(order, IsEmpty());
    EXPECT_THAT(load()->release, StartsWith(before)) << "the old release plays on, under the new clearances";
    EXPECT_FALSE(load()->catalogue.segments.contains("a"));
    EXPECT_THAT(load()->missing, IsEmpty());
    EXPECT_TRUE(sync_with([](auto& o) { o.quota = 5000 + one.size(); }).changed);
}

TEST_F(Stored, EvictsUnusedMediaButNotWhatAirsSoon) {
    const auto needs = [&](content::SyncOptions& o, std::optional<Instant> due) {
        o.quota = 5000;  // both do not fit beside the first
        o.air_times = [due](const content::Facts&) {
            content::AirTimes out;
            if (due) out.next["false-promise"] = *due;
            return out;
        };
    };
    publish_segments({{"a", two}, {"b", std::string(2000 - 5, 'b')}});
    EXPECT_THROW(static_cast<void>(sync_with([&](auto& o) { needs(o, now_ + 2h); })), content::NoRoom);
    EXPECT_TRUE(held(one)) << "it airs within a day";
    EXPECT_THROW(static_cast<void>(sync_with([&](auto& o) {
                     needs(o, {});
                     o.in_use = {name_of(one)};
                 })),
                 content::NoRoom);
    EXPECT_TRUE(held(one)) << "it is on air";
    EXPECT_THROW(static_cast<void>(sync_with([&](auto& o) {
                     needs(o, {});
                     o.air_times = nullptr;
                 })),
                 content::NoRoom);
    EXPECT_TRUE(held(one)) << "without a plan, nothing of the current release is removed";
    EXPECT_TRUE(sync_with([&](auto& o) { needs(o, now_ + 48h); }).changed);
    EXPECT_FALSE(held(one));
    EXPECT_THAT(load()->missing, IsEmpty());
}

TEST_F(Stored, RemovesLeftoversOfOtherReleasesFirst) {
    write("store/staging/" + std::string(64, 'a') + ".mp4", std::string(10'000, 'x'));
    write("store/media/" + std::string(64, 'b') + ".mp4", std::string(10'000, 'x'));
    publish_segments({{"a", two}});
    EXPECT_TRUE(sync_with([](auto& o) { o.quota = 4000; }).changed);
    EXPECT_TRUE(fs::is_empty(root_ / "store/staging"));
    EXPECT_FALSE(fs::exists(at("store/media/" + std::string(64, 'b') + ".mp4")));
    EXPECT_TRUE(held(one));
}

TEST_F(Stored, StagedBytesNeedNoRoom) {
    publish_segments({{"a", two}});
    write("store/staging/" + name_of(two), two.substr(0, 2500));
    EXPECT_TRUE(sync_with([](auto& o) { o.quota = one.size() + 3000; }).changed)
        << "2500 bytes are staged, 500 are missing";
}

TEST_F(Stored, ADamagedMediaFileIsSetAsideUntilItComesAgain) {
    EXPECT_THAT(scrub().damaged, IsEmpty());
    bend(at("store/media/" + name_of(one)));
    EXPECT_THAT(load()->missing, IsEmpty()) << "its size is right";
    EXPECT_THAT(scrub().damaged, ElementsAre(name_of(one)));
    EXPECT_FALSE(held(one)) << "the damaged file is never opened";
    EXPECT_TRUE(fs::exists(at("store/damaged/" + name_of(one)))) << "nor removed";
    EXPECT_THAT(load()->missing, ElementsAre(name_of(one))) << "the others play";
    EXPECT_THAT(scrub().damaged, IsEmpty());
    EXPECT_TRUE(sync().changed);
    EXPECT_EQ(read_file(at("store/media/" + name_of(one)), 1000), one);
    EXPECT_THAT(load()->missing, IsEmpty());
    EXPECT_TRUE(fs::is_empty(at("store/damaged")));
}

TEST_F(Stored, AMediaFileThatIsReadRightlyLaterIsTakenBack) {
    const auto media = at("store/media/" + name_of(one)), aside = at("store/damaged/" + name_of(one));
    fs::rename(media, aside);
    EXPECT_THAT(scrub().repaired, ElementsAre(name_of(one)));
    EXPECT_TRUE(held(one));
    fs::rename(media, aside);
    fs::remove_all(at("tree/targets/media"));
    EXPECT_FALSE(sync().refused);
    EXPECT_TRUE(held(one)) << "a visit need not fetch it";
}

TEST_F(Stored, WhatWasSetAsideGoesIfThereIsNoRoomOtherwise) {
    bend(at("store/media/" + name_of(one)));
    static_cast<void>(scrub());
    EXPECT_TRUE(sync_with([](auto& o) { o.quota = one.size(); }).changed);
    EXPECT_TRUE(held(one));
}

TEST_F(Stored, SomethingElseInPlaceOfAMediaFileIsNoMediaFile) {
    const auto path = at("store/media/" + name_of(one));
    fs::rename(path, at("elsewhere"));
    fs::create_symlink(at("elsewhere"), path);
    EXPECT_THAT(load()->missing, ElementsAre(name_of(one))) << "links are not followed";
    static_cast<void>(sync());
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
    fs::remove(path);
    fs::create_directories(path + "/with/more");
    EXPECT_THAT(load()->missing, ElementsAre(name_of(one)));
    EXPECT_THAT(scrub().damaged, ElementsAre(name_of(one)));
    static_cast<void>(sync());
    EXPECT_THAT(load()->missing, IsEmpty());
}

TEST_F(Stored, AFactIsRepairedFromItsOtherCopy) {
    const auto facts = load()->schedules.size() + 4;  // a segment and three files of the country
    for (const auto* folder : {"store/targets", "store/copies"}) {
        for (const auto& entry : fs::directory_iterator(at(folder))) bend(entry.path());
        const auto set = load();
        ASSERT_TRUE(set);
        EXPECT_EQ(set->damaged.size(), folder == std::string("store/targets") ? facts : 0U) << folder;
        const auto report = scrub();
        EXPECT_THAT(report.damaged, IsEmpty());
        EXPECT_THAT(report.repaired, SizeIs(facts)) << folder;
        for (const auto& entry : fs::directory_iterator(at(folder)))
            EXPECT_EQ(sha256_hex(read_file(entry.path(), 1U << 20)), entry.path().filename());
    }
    EXPECT_THAT(scrub().repaired, IsEmpty());
    EXPECT_THAT(load()->damaged, IsEmpty());
}

TEST_F(Stored, FactsWithoutAGoodCopyStayUntilTheyComeAgain) {
    for (const auto* folder : {"store/targets", "store/copies"})
        for (const auto& entry : fs::directory_iterator(at(folder))) bend(entry.path());
    const auto files = [&] {
        return std::distance(fs::directory_iterator(at("store/targets")), fs::directory_iterator{});
    };
    const auto facts = files();
    EXPECT_THAT(scrub().damaged, SizeIs(facts));
    EXPECT_EQ(files(), facts) << "nothing is removed without a replacement";
    static_cast<void>(sync());
    EXPECT_THAT(scrub().damaged, IsEmpty());
    EXPECT_TRUE(load());
}

TEST_F(Stored, AStoreOfAnEarlierVersionGetsItsCopies) {
    fs::remove_all(at("store/copies"));
    EXPECT_TRUE(load());
    EXPECT_THAT(scrub().repaired, IsEmpty()) << "that is no damage";
    EXPECT_FALSE(fs::is_empty(at("store/copies")));
}

TEST_F(Stored, AScrubContinuesAndStopsOnRequest) {
    publish_segments({{"a", two}, {"b", three}});
    static_cast<void>(sync());
    const auto whole = scrub();
    EXPECT_TRUE(whole.whole_round);
    std::uint64_t bytes = 0;
    int calls = 0;
    for (bool round = false; !round && calls < 100; ++calls) {
        const auto piece = scrub(1);
        EXPECT_LE(piece.bytes, two.size()) << "one file at a time";
        bytes += piece.bytes;
        round = piece.whole_round;
    }
    EXPECT_EQ(bytes, whole.bytes) << "each file once a round";
    EXPECT_GT(calls, 3);
    never_ = true;
    EXPECT_EQ(scrub().bytes, 0U);
    EXPECT_THAT(content::scrub(at("nowhere"), 1000, never_).damaged, IsEmpty());
}

TEST_F(Stored, case_40_a_state_file_cut_short_leaves_its_copy) {
    const auto before = load()->release;
    for (const auto* file : {"store/current.json", "store/current.copy.json"}) {
        const auto text = read_file(at(file), 1U << 20);
        for (const auto length : {std::size_t{0}, text.size() / 2, text.size() - 2}) {
            std::ofstream(at(file), std::ios::binary) << text.substr(0, length);
            EXPECT_EQ(load()->release, before) << file << " of " << length;
        }
        static_cast<void>(sync());
        EXPECT_EQ(read_file(at(file), 1U << 20), text) << "the next visit repairs it";
    }
    for (const auto* file : {"store/heard.json", "store/scrub.json"}) {
        std::ofstream(at(file), std::ios::binary) << "{\"format\":";
        EXPECT_EQ(load()->release, before) << file;
        static_cast<void>(scrub());
    }
    write("store/current.json", "{");
    write("store/current.copy.json", "{");
    EXPECT_THAT(unread([&] { static_cast<void>(load()); }),
                AllOf(Refuses(ReadFault::syntax, ""), Of(at("store/current.json"))));
    static_cast<void>(sync());
    EXPECT_EQ(load()->release, before) << "an unreadable store is filled again";
}

TEST_F(Stored, ASecondWriterWaitsOrFails) {
    auto held = content::lock_store({at("store")}, 0s);
    EXPECT_THAT(
        refused<StoreFault>([&] { static_cast<void>(sync_with([](auto& o) { o.lock_timeout = 0s; })); }),
        AllOf(Refuses(StoreFault::in_use, ""), Of(at("store"))));
    held.reset();
    EXPECT_NO_THROW(static_cast<void>(sync_with([](auto& o) { o.lock_timeout = 0s; })));
}

TEST_F(Stored, case_74_AFolderChannelMayNotLeadOutOfItself) {
    write("secret.json", "{}");
    const auto timestamp = at("tree/metadata/timestamp.json");
    const auto before = load()->release;
    fs::rename(timestamp, at("kept"));
    fs::create_symlink(at("kept"), timestamp);
    EXPECT_THAT(unread([&] { static_cast<void>(sync()); }), Refuses(ReadFault::wrong_type, ""));
    fs::remove(timestamp);
    ASSERT_EQ(::mkfifo(timestamp.c_str(), 0600), 0);
    EXPECT_THAT(unread([&] { static_cast<void>(sync()); }), Refuses(ReadFault::wrong_type, ""))
        << "and a pipe does not block";
    fs::remove(timestamp);
    fs::create_directory(timestamp);
    EXPECT_THAT(unread([&] { static_cast<void>(sync()); }), Refuses(ReadFault::wrong_type, ""));
    EXPECT_EQ(load()->release, before);
}

}  // namespace
}  // namespace riverlight::test
