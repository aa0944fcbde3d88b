#include <boost/asio/io_context.hpp>
#include <thread>

#include "content/http/server.hpp"
#include "content/segment/country_json.hpp"
#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

TEST_F(Channel, ABoardGetsWhatIsPublished) {
    const auto report = publish();
    EXPECT_TRUE(report.changed);
    EXPECT_EQ(report.segments, 1U);
    const auto result = sync();
    EXPECT_TRUE(result.changed);
    const auto set = load();
    ASSERT_TRUE(set);
    EXPECT_EQ(set->release, result.release);
    const auto& segment = set->catalogue.segments.at("false-promise");
    EXPECT_EQ(read_file(set->path_of(segment.files.begin()->second), 1000), "the picture of one");
    EXPECT_TRUE(set->schedules.contains("mekong"));
    EXPECT_EQ(set->catalogue.place("kh-1")->zone, "Asia/Phnom_Penh");
    EXPECT_FALSE(sync().changed) << "the same release changes nothing";
    EXPECT_NO_THROW(static_cast<void>(verify()));
}

TEST_F(Channel, EveryFileWithOneByteChangedIsRefusedAndTheOldReleaseStays) {
    static_cast<void>(publish());
    ASSERT_TRUE(sync().changed);
    const auto before = load()->release;
    add_segment("second", "the picture of two");
    write("source/schedules/mekong.toml", schedule("second"));
    write("source/countries/kh/clearances.toml",
          "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"second\"\nrevision = 1\nlocales = "
          "[\"km\"]\n");
    static_cast<void>(publish());
    fs::copy(root_ / "store", root_ / "old-store", fs::copy_options::recursive);
    const auto newest = sha256_hex(content::write_clearances(content_of_new_clearances()));
    for (const auto& part :
         {std::string("timestamp.json"), std::string("2.snapshot.json"), std::string("2.targets.json"),
          std::string("2.kh.json"), std::string(".second.json"), newest, sha256_hex("the picture of two")}) {
        const auto path = in_tree(part);
        const auto good = read_file(path, 1U << 20);
        for (const std::size_t place : {std::size_t{0}, good.size() / 2, good.size() - 2}) {
            auto bad = good;
            bad[place] = static_cast<char>(bad[place] ^ 1);
            write_file_atomically(path, bad);
            EXPECT_THROW(static_cast<void>(sync()), Error) << path << " byte " << place;
            EXPECT_THAT(load()->release, StartsWith(before)) << path;
            EXPECT_TRUE(load()->catalogue.segments.contains("false-promise")) << path;
            EXPECT_FALSE(load()->catalogue.segments.contains("second")) << path;
            fs::remove_all(root_ / "store");
            fs::copy(root_ / "old-store", root_ / "store", fs::copy_options::recursive);
        }
        write_file_atomically(path, good);
    }
    EXPECT_TRUE(sync().changed) << "repaired, the new release is accepted";
    EXPECT_NE(load()->release, before);
}

TEST_F(Channel, RefusesAnOldRelease) {
    static_cast<void>(publish());
    const auto old = read_file(at("tree/metadata/timestamp.json"), 1U << 20);
    add_segment("second", "the picture of two");
    static_cast<void>(publish());
    static_cast<void>(sync());
    write_file_atomically(at("tree/metadata/timestamp.json"), old);
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(sync()); }), Refuses(TrustFault::rollback, ""));
}

TEST_F(Channel, AFrozenChannelIsNoticed) {
    static_cast<void>(publish());
    now_ += 24h * 31;
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(sync()); }), Refuses(TrustFault::expired, ""));
}

TEST_F(Channel, AnotherChannelsRootIsNotTrusted) {
    static_cast<void>(publish());
    init(at("other-keys"), at("other"));
    auto o = options();
    o.trusted_root = at("other/metadata/1.root.json");
    EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(content::sync_channel(o, now_, {})); }),
                Refuses(TrustFault::signatures, ""));
    EXPECT_FALSE(load());
}

TEST_F(Channel, ACountrysFilesNeedTheCountrysKey) {
    static_cast<void>(publish());
    fs::rename(at("keys/kh.key"), at("kh.key"));
    EXPECT_FALSE(publish().changed) << "nothing of the country's changed: no signature is missing";
    write("source/countries/kh/hotlines.toml",
          "format = 1\ncountry = \"KH\"\n[hotlines.\"*\"]\nnumber = \"111 111\"\nname = \"Hotline\"\n");
    const auto before = read_file(at("tree/metadata/timestamp.json"), 1U << 20);
    const auto missing = unsigned_roles([&] { static_cast<void>(publish()); });
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(missing[0].role, "kh");
    EXPECT_EQ(missing[0].needed, 1);
    EXPECT_EQ(read_file(at("tree/metadata/timestamp.json"), 1U << 20), before);
}

TEST_F(Channel, AScheduleThatNamesAnUnknownSegmentIsNotPublished) {
    static_cast<void>(publish());
    const auto before = read_file(at("tree/metadata/timestamp.json"), 1U << 20);
    write("source/schedules/mekong.toml", schedule("false-promis"));
    try {
        static_cast<void>(publish());
        FAIL();
    } catch (const publisher::FaultySchedules& e) {
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_EQ(fs::path(e.findings[0].file).filename(), "mekong.toml");
        EXPECT_EQ(e.findings[0].line, 5);
        EXPECT_EQ(e.findings[0].meant, "false-promise");
    }
    EXPECT_EQ(read_file(at("tree/metadata/timestamp.json"), 1U << 20), before);
}

TEST_F(Channel, AWithdrawnClearanceReachesTheBoard) {
    static_cast<void>(publish());
    static_cast<void>(sync());
    write("source/countries/kh/clearances.toml", "format = 1\ncountry = \"KH\"\nclearances = []\n");
    static_cast<void>(publish());
    EXPECT_TRUE(sync().changed);
    EXPECT_TRUE(load()->catalogue.countries.at("KH").clearances.empty());
}

TEST_F(Channel, ADamagedStoreIsNotPlayedAndRepairsItself) {
    static_cast<void>(publish());
    static_cast<void>(sync());
    const auto name = fs::directory_iterator(root_ / "store/targets")->path().filename().string();
    for (const auto* folder : {"store/targets/", "store/copies/"}) {
        EXPECT_TRUE(load()) << "one copy is enough";
        write_file_atomically(at(folder + name), read_file(at(folder + name), 1U << 20) + " ");
    }
    EXPECT_THAT(refused<StoreFault>([&] { static_cast<void>(load()); }), Refuses(StoreFault::changed, ""));
    static_cast<void>(sync());
    EXPECT_TRUE(load());
}

TEST_F(Channel, KeysAreNeverOverwrittenAndPrivateToTheirOwner) {
    EXPECT_THAT(refused<KeyFault>([&] { init(at("keys"), at("tree2")); }), Refuses(KeyFault::exists, ""));
    EXPECT_FALSE(fs::exists(at("tree2")));
    EXPECT_EQ(fs::status(at("keys/root.key")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    fs::permissions(at("keys/targets.key"), fs::perms::group_read, fs::perm_options::add);
    EXPECT_THROW(static_cast<void>(publish()), Error) << "a key that others can read is refused";
}

/// A web server for the tree that breaks one transfer and counts what it sends.
class Http : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        add_segment("false-promise", std::string(3'000'000, 'x'));
        fs::remove_all(root_ / "source/segments/false-promise/media");
        add_segment("false-promise", std::string(3'000'000, 'x'));
        static_cast<void>(publish());
        server_ = std::make_unique<http::Server>(loop_, "127.0.0.1:0",
                                                 [this](const http::Request& r) { return answer(r); });
        thread_ = std::thread([this] { loop_.run_for(60s); });
    }
    void TearDown() override {
        loop_.stop();
        thread_.join();
        server_.reset();
        Channel::TearDown();
    }
    http::Response answer(const http::Request& request) {
        ++requests_;
        http::Response r;
        if (portal_) {
            r.type = "text/html";
            r.body = "<html>Sign in to this network</html>";
            return r;
        }
        if (request.path.find("/media/") != std::string::npos) ranges_.emplace_back(request.header("range"));
        r.file = at("tree") + request.path;
        return r;
    }
    content::SyncResult sync_over_http() {
        auto o = options();
        o.channel_url = "http://127.0.0.1:" + std::to_string(server_->port());
        return content::sync_channel(o, now_, {});
    }
    boost::asio::io_context loop_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
    std::atomic<int> requests_ = 0;
    std::atomic<bool> portal_ = false;
    std::vector<std::string> ranges_;  // written on the loop's thread, read after it answered
};

TEST_F(Http, ResumesABrokenDownload) {
    const auto sha256 = sha256_hex(std::string(3'000'000, 'x'));
    fs::create_directories(root_ / "store/staging");
    write("store/staging/" + sha256 + ".mp4", std::string(1'000'000, 'x'));
    const auto result = sync_over_http();
    EXPECT_TRUE(result.changed);
    ASSERT_EQ(ranges_.size(), 1U);
    EXPECT_EQ(ranges_[0], "bytes=1000000-");
    EXPECT_LT(result.bytes, 2'100'000U);
    EXPECT_TRUE(load());
}

TEST_F(Http, AWithdrawalIsInForceWhileMediaAreStillToCome) {
    ASSERT_TRUE(sync_over_http().changed);
    add_segment("second", std::string(2'000'000, 'y'));
    write("source/schedules/mekong.toml", schedule("second"));
    write("source/countries/kh/clearances.toml",
          "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"second\"\nrevision = "
          "1\nlocales = [\"km\"]\n");
    static_cast<void>(publish());
    auto o = options();
    o.channel_url = "http://127.0.0.1:" + std::to_string(server_->port());
    o.media_time_over = [] { return true; };
    const auto result = content::sync_channel(o, now_, {});
    EXPECT_EQ(result.deferred.files, 1U);
    const auto held = load();
    const auto& clearances = held->catalogue.countries.at("KH").clearances;
    ASSERT_EQ(clearances.size(), 1U);
    EXPECT_EQ(clearances[0].segment, "second") << "the former release is on, under the new clearances";
    EXPECT_FALSE(held->catalogue.segments.contains("second"));
    EXPECT_EQ(sync_over_http().deferred.files, 0U);
    EXPECT_TRUE(load()->catalogue.segments.contains("second"));
}

TEST_F(Http, case_24_discards_leftovers_of_another_file_and_starts_over) {
    const auto sha256 = sha256_hex(std::string(3'000'000, 'x'));
    fs::create_directories(root_ / "store/staging");
    write("store/staging/" + sha256 + ".mp4", std::string(1'000'000, 'y'));
    EXPECT_TRUE(sync_over_http().changed);
    EXPECT_THAT(ranges_, ::testing::ElementsAre("bytes=1000000-", ""));
    EXPECT_EQ(read_file(load()->media_folder + '/' + sha256 + ".mp4", 4U << 20), std::string(3'000'000, 'x'));
}

TEST_F(Http, case_25_reports_a_sign_in_page) {
    portal_ = true;
    EXPECT_THAT(refused<FetchFault>([&] { static_cast<void>(sync_over_http()); }),
                Refuses(FetchFault::sign_in_page, ""));
    portal_ = false;
    EXPECT_TRUE(sync_over_http().changed);
}

TEST_F(Channel, AnUnreachableServerLeavesTheReleaseUnchanged) {
    static_cast<void>(publish());
    static_cast<void>(sync());
    auto o = options();
    o.channel_url = "http://127.0.0.1:1";
    EXPECT_THAT(refused<FetchFault>([&] { static_cast<void>(content::sync_channel(o, now_, {})); }),
                AllOf(Refuses(FetchFault::broken, ""), Of("http://127.0.0.1:1/metadata/2.root.json")));
    EXPECT_TRUE(load());
}

}  // namespace
}  // namespace riverlight::test
