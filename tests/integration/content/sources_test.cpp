// Several sources of one channel: mirrors, boards nearby, and bandwidth limits.
#include "tests/integration/content/tree_server.hpp"

namespace riverlight::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string one = "the picture of one", two(300'000, '2'), three(200'000, '3');

class Sources : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
    }
    content::SyncResult sync_from(const std::vector<std::string>& urls,
                                  const std::function<void(content::SyncOptions&)>& change = {}) {
        auto o = options();
        o.channel_url = urls.front();
        o.mirrors.assign(urls.begin() + 1, urls.end());
        o.mirror_health = mirror_health_;
        o.low_speed_period = 1s;
        if (change) change(o);
        return content::sync_channel(o, now_, {});
    }
    std::vector<std::string> aside() const {
        std::vector<std::string> out;
        for (const auto& one_aside : mirror_health_->suspended())
            out.push_back(one_aside.url +
                          (one_aside.fault == content::SourceFault::bad_content ? " unsound" : " silent"));
        return out;
    }
    std::shared_ptr<content::MirrorHealth> mirror_health_ = std::make_shared<content::MirrorHealth>();
};

TEST_F(Sources, ADeadSourceIsSuspendedAndAMirrorServesTheVisit) {
    TreeServer mirror(at("tree"));
    EXPECT_TRUE(sync_from({"http://127.0.0.1:1", mirror.url()}).changed);
    EXPECT_TRUE(load());
    EXPECT_THAT(aside(), ElementsAre("http://127.0.0.1:1 silent"));
    EXPECT_FALSE(sync_from({"http://127.0.0.1:1", mirror.url()}).changed);
    EXPECT_THAT(mirror_health_->suspended().at(0).left, 1min) << "it is not tried again within its minute";
}

TEST_F(Sources, AMirrorWithWrongMediaIsSuspendedAndTheNextIsUsed) {
    publish_segments({{"a", two}});
    TreeServer bad(at("tree"), [](const http::Request& request, http::Response& r) {
        if (request.path.find("/media/") == std::string::npos) return;
        r.file.clear();
        r.body = std::string(two.size(), 'x');
    });
    TreeServer good(at("tree"));
    EXPECT_TRUE(sync_from({bad.url(), good.url()}).changed);
    EXPECT_TRUE(held(two));
    EXPECT_THAT(aside(), ElementsAre(bad.url() + " unsound"));
    EXPECT_THAT(mirror_health_->suspended().at(0).why, testing::HasSubstr("not the signed ones"));
    EXPECT_THAT(good.asked("/metadata/"), IsEmpty()) << "the first source's metadata had verified";
}

TEST_F(Sources, MetadataThatDoNotVerifyAtOneSourceComeFromAnother) {
    for (const auto* part : {"timestamp.json", "snapshot.json", "kh.json"}) {
        fs::remove_all(root_ / "store");
        mirror_health_ = std::make_shared<content::MirrorHealth>();
        TreeServer bad(at("tree"), [&](const http::Request& request, http::Response& r) {
            if (!request.path.ends_with(part)) return;
            r.body = read_file(r.file, 1U << 20);
            r.body[r.body.size() / 2] = static_cast<char>(r.body[r.body.size() / 2] ^ 1);
            r.file.clear();
        });
        TreeServer good(at("tree"));
        EXPECT_TRUE(sync_from({bad.url(), good.url()}).changed) << part;
        EXPECT_THAT(aside(), ElementsAre(bad.url() + " unsound")) << part;
    }
}

TEST_F(Sources, AMirrorThatIsBehindIsNotARollback) {
    fs::copy(root_ / "tree", root_ / "old-tree", fs::copy_options::recursive);
    publish_segments({{"a", two}});
    TreeServer fresh(at("tree")), old(at("old-tree"));
    EXPECT_TRUE(sync_from({fresh.url()}).changed);
    EXPECT_FALSE(sync_from({old.url(), fresh.url()}).changed);
    EXPECT_THAT(aside(), ElementsAre(old.url() + " unsound"));
    EXPECT_THAT(mirror_health_->suspended().at(0).why, testing::HasSubstr("older than"));
    EXPECT_TRUE(held(two));
}

TEST_F(Sources, AnotherSourceContinuesADownload) {
    publish_segments({{"a", two}});
    TreeServer torn(at("tree"), [](const http::Request& request, http::Response& r) {
        if (request.path.find("/media/" + name_of(two)) != std::string::npos ||
            request.path.find(sha256_hex(two)) != std::string::npos)
            r = http::problem(503, "x", "Overloaded", "later");
    });
    std::vector<std::string> ranges;
    TreeServer good(at("tree"), [&](const http::Request& request, http::Response&) {
        if (request.path.find(sha256_hex(two)) != std::string::npos)
            ranges.emplace_back(request.header("range"));
    });
    fs::create_directories(root_ / "store/staging");
    write("store/staging/" + name_of(two), two.substr(0, 100'000));
    write("store/staging/" + name_of(two) + ".etag", "\"v1\"\n" + torn.url() + "/elsewhere");
    EXPECT_TRUE(sync_from({torn.url(), good.url()}).changed);
    EXPECT_THAT(ranges, ElementsAre("bytes=100000-")) << "another source's ETag is not used here";
    EXPECT_TRUE(held(two));
}

TEST_F(Sources, ThrowsTheFirstSourcesErrorIfAllFail) {
    EXPECT_THAT(refused<FetchFault>([&] {
                    static_cast<void>(sync_from({"http://127.0.0.1:1", "http://127.0.0.1:2"}));
                }),
                AllOf(Refuses(FetchFault::broken, ""), Of("http://127.0.0.1:1/metadata/2.root.json")));
}

TEST_F(Sources, MetadataAndWithdrawalsPassAClosedLimit) {
    TreeServer channel(at("tree"));
    EXPECT_TRUE(sync_from({channel.url()}).changed);
    const auto before = load()->release;
    publish_segments({{"a", two}, {"b", three}});
    channel.forget();
    const auto closed = [](content::SyncOptions& o) {
        o.bandwidth_limit = [] { return content::BandwidthLimit{false, 0}; };
    };
    const auto result = sync_from({channel.url()}, closed);
    EXPECT_EQ(result.deferred.files, 2U);
    EXPECT_EQ(result.deferred.bytes, two.size() + three.size());
    EXPECT_THAT(channel.asked("/media/"), IsEmpty());
    EXPECT_THAT(load()->release, StartsWith(before)) << "the former release, under the new clearances";
    EXPECT_FALSE(load()->catalogue.segments.contains("a"));
    EXPECT_EQ(load()->catalogue.countries.at("KH").clearances.size(), 2U) << "the withdrawal applies";
    EXPECT_TRUE(sync_from({channel.url()}).changed) << "when downloads are allowed again";
    EXPECT_TRUE(load()->catalogue.segments.contains("a"));
}

TEST_F(Sources, ATakeoverPassesAClosedLimit) {
    TreeServer channel(at("tree"));
    EXPECT_TRUE(sync_from({channel.url()}).changed);
    publish_segments({{"a", two}, {"b", three}});
    const auto result = sync_from({channel.url()}, [&](content::SyncOptions& o) {
        o.bandwidth_limit = [] { return content::BandwidthLimit{false, 0}; };
        o.air_times = [&](const content::Facts&) { return content::AirTimes{{{"b", now_}}, {"b"}}; };
    });
    EXPECT_EQ(result.deferred.files, 1U);
    EXPECT_TRUE(held(three));
    EXPECT_FALSE(held(two));
    EXPECT_TRUE(load()->catalogue.segments.contains("b")) << "it does not wait for the others";
}

TEST_F(Sources, AFileInterruptedByTheLimitIsContinuedLater) {
    publish_segments({{"a", std::string(8'000'000, 'a')}});
    TreeServer channel(at("tree"));
    std::atomic<int> asked = 0;
    const auto result = sync_from({channel.url()}, [&](content::SyncOptions& o) {
        // Slow enough that the limit is polled during the file.
        o.bandwidth_limit = [&] { return content::BandwidthLimit{asked++ < 2, 4'000'000}; };
    });
    EXPECT_EQ(result.deferred.files, 1U);
    EXPECT_LT(result.deferred.bytes, 8'000'000U) << "received bytes are kept";
    EXPECT_GT(result.deferred.bytes, 0U);
    const auto rest = sync_from({channel.url()});
    EXPECT_TRUE(rest.changed);
    EXPECT_LT(rest.bytes, result.deferred.bytes + 20'000);
}

TEST_F(Sources, ARateIsKeptAndChangesInTheMiddleOfAFile) {
    publish_segments({{"a", std::string(1'500'000, 'a')}});
    TreeServer channel(at("tree"));
    std::atomic<int> asked = 0;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_TRUE(sync_from({channel.url()}, [&](content::SyncOptions& o) {
                    o.bandwidth_limit = [&] {
                        return content::BandwidthLimit{true, asked++ < 3 ? 500'000U : 4'000'000U};
                    };
                }).changed);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GT(took, 500ms) << "1.5 MB at once would be faster";
    EXPECT_GE(channel.asked(sha256_hex(std::string(1'500'000, 'a'))).size(), 2U);
}

TEST_F(Sources, ReportsReceivedBytesAlsoOfAFailedVisit) {
    publish_segments({{"a", two}});
    TreeServer channel(at("tree"), [](const http::Request& request, http::Response& r) {
        if (request.path.find("/media/") != std::string::npos)
            r.body = std::string(two.size(), 'x'), r.file.clear();
    });
    std::uint64_t received = 0;
    EXPECT_THAT(refused<FetchFault>([&] {
                    static_cast<void>(sync_from({channel.url()}, [&](content::SyncOptions& o) {
                        o.received = [&](std::uint64_t bytes) { received += bytes; };
                    }));
                }),
                Refuses(FetchFault::bytes, ""));
    EXPECT_GT(received, two.size()) << "useless bytes count too";
}

TEST_F(Sources, MediaComeFromABoardNearbyDespiteAClosedLimit) {
    publish_segments({{"a", two}, {"b", three}});
    fs::create_directories(root_ / "other/media");
    write("other/media/" + name_of(two), two);
    TreeServer channel(at("tree")), board(at("other"));
    const auto result = sync_from({channel.url()}, [&](content::SyncOptions& o) {
        o.nearby = {board.url()};
        o.bandwidth_limit = [] { return content::BandwidthLimit{false, 0}; };
    });
    EXPECT_TRUE(held(two));
    EXPECT_EQ(result.deferred.files, 1U);
    EXPECT_GE(result.bytes_nearby, two.size());
    EXPECT_LT(result.bytes, 100'000U);
    EXPECT_THAT(channel.asked("/media/"), IsEmpty());
    EXPECT_THAT(aside(), IsEmpty()) << "a board that lacks a file is not at fault";
}

TEST_F(Sources, ABoardWithWrongBytesIsSuspendedAndSpoilsNoDownload) {
    publish_segments({{"a", two}, {"b", three}});
    TreeServer channel(at("tree"));
    TreeServer liar(at("other"), [](const http::Request&, http::Response& r) {
        r.file.clear();
        r.body = std::string(two.size(), 'x');
    });
    fs::create_directories(root_ / "store/staging");
    write("store/staging/" + name_of(two), two.substr(0, 100'000));
    const auto result = sync_from({channel.url()}, [&](content::SyncOptions& o) { o.nearby = {liar.url()}; });
    EXPECT_TRUE(result.changed);
    EXPECT_EQ(liar.asked().size(), 1U) << "once is enough";
    EXPECT_THAT(aside(), ElementsAre(liar.url() + " unsound"));
    EXPECT_LT(result.bytes, two.size() - 100'000 + three.size() + 30'000)
        << "the channel's partial download is unchanged";
    EXPECT_THAT(fs::is_empty(root_ / "store/staging"), true);
}

TEST_F(Sources, ABoardThatHangsCostsSecondsAndOnlyOnce) {
    publish_segments({{"a", two}, {"b", three}});
    TreeServer channel(at("tree"));
    const auto result =
        sync_from({channel.url()}, [](content::SyncOptions& o) { o.nearby = {"http://127.0.0.1:1"}; });
    EXPECT_TRUE(result.changed);
    EXPECT_THAT(aside(), ElementsAre("http://127.0.0.1:1 silent"));
}

}  // namespace
}  // namespace riverlight::test
