// Faults of a connection to a channel: the numbered cases 16 to 28.
#include <sys/resource.h>

#include <csignal>

#include "content/sync/fetch.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tests/integration/content/faulty_server.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/repository.hpp"

namespace riverlight::test {
namespace {

using ::testing::Contains;

class ConnectionTest : public ::testing::Test {
  protected:
    ConnectionTest() {
        for (std::size_t n = 0; n < 400'000; ++n) bytes_ += static_cast<char>('a' + n * n % 23);
        facts_ = {bytes_.size(), sha256_hex(bytes_), {}, true};
    }
    content::Fetcher to(const FaultyServer& server) const {
        return content::Fetcher({.base_url = server.url(), .low_speed_bytes = 1000, .low_speed_period = 1s});
    }
    using Refusal = std::optional<content::FetchError>;
    /// Why `<base>/PATH` of at most `cap` bytes does not come; none if it does.
    static Refusal refusal(content::Fetcher& line, const std::string& path, std::uint64_t cap) {
        return refused<FetchFault>([&] { static_cast<void>(line.bytes(path, cap)); });
    }
    Refusal fetch(content::Fetcher& line, const std::function<void(std::uint64_t)>& progress = {}) const {
        return refused<FetchFault>(
            [&] { line.file("targets/x", folder_ / "staged", folder_ / "x", facts_, progress); });
    }
    void expect_nothing_staged() const {
        EXPECT_FALSE(fs::exists(folder_ / "staged"));
        EXPECT_FALSE(fs::exists(folder_ / "staged.etag"));
        EXPECT_FALSE(fs::exists(folder_ / "x"));
    }
    Folder folder_;
    std::string bytes_;
    content::FileFacts facts_;
};

TEST_F(ConnectionTest, case_16_endless_or_a_byte_a_minute) {
    FaultyServer endless([](tcp::socket& s, const std::string&) {
        send(s, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        for (;;) send(s, std::string(10'000, ' '));
    });
    auto line = to(endless);
    EXPECT_THAT(refusal(line, "metadata/timestamp.json", 1000),
                AllOf(Refuses(FetchFault::too_long, ""), Of(endless.url() + "/metadata/timestamp.json")));
    EXPECT_LT(line.received_bytes(), 1'000'000U);
    FaultyServer slow([](tcp::socket& s, const std::string&) {
        send(s, ok(1000) + "x");
        char c = 0;
        s.read_some(asio::buffer(&c, 1));  // until the client hangs up
    });
    auto patient = to(slow);
    EXPECT_THAT(refusal(patient, "metadata/timestamp.json", 1000), Refuses(FetchFault::broken, ""));
}

TEST_F(ConnectionTest, ALimitThatClosesStopsATransferThatBringsNothing) {
    FaultyServer silent([&](tcp::socket& s, const std::string&) {
        send(s, ok(bytes_.size()) + bytes_.substr(0, 1000));
        char c = 0;
        s.read_some(asio::buffer(&c, 1));  // until the client hangs up
    });
    content::Fetcher line({.base_url = silent.url(), .low_speed_bytes = 1, .low_speed_period = 60s});
    const auto begun = std::chrono::steady_clock::now();
    line.limit_bandwidth([&] {
        return content::BandwidthLimit{std::chrono::steady_clock::now() - begun < 500ms, 0};
    });
    EXPECT_THROW(line.file("targets/x", folder_ / "staged", folder_ / "x", facts_, {}),
                 content::BandwidthClosed);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
    EXPECT_EQ(fs::file_size(folder_ / "staged"), 1000U) << "the next visit goes on from there";
}

TEST_F(ConnectionTest, case_18_a_wrong_hash_leaves_nothing_staged) {
    auto wrong = bytes_;
    wrong[1000] = 'X';
    FaultyServer server([&](tcp::socket& s, const std::string&) { send(s, ok(wrong.size()) + wrong); });
    auto line = to(server);
    EXPECT_THAT(fetch(line), Refuses(FetchFault::bytes, ""));
    expect_nothing_staged();
    FaultyServer longer(
        [&](tcp::socket& s, const std::string&) { send(s, ok(bytes_.size() + 1) + bytes_ + "x"); });
    auto other = to(longer);
    EXPECT_THAT(fetch(other), Refuses(FetchFault::bytes, ""));
    expect_nothing_staged();
}

TEST_F(ConnectionTest, case_20_what_is_swapped_while_it_is_fetched_is_not_taken) {
    FaultyServer server([&](tcp::socket& s, const std::string&) { send(s, ok(bytes_.size()) + bytes_); });
    auto line = to(server);
    bool swapped = false;
    const auto why = fetch(line, [&](std::uint64_t) {
        if (std::exchange(swapped, true)) return;
        folder_.write("other", std::string(bytes_.size(), 'e'));
        fs::rename(folder_ / "other", folder_ / "staged");
    });
    EXPECT_THAT(why, Refuses(FetchFault::replaced, ""));
    EXPECT_FALSE(fs::exists(folder_ / "x")) << "only verified bytes get the final name";
}

TEST_F(ConnectionTest, case_22_redirects_to_files_other_hosts_or_less_are_refused) {
    folder_.write("secret", "secret");
    for (const auto& where : {"file://" + (folder_ / "secret"), std::string("http://localhost:1/x"),
                              std::string("http://169.254.169.254/x"), std::string("ftp://127.0.0.1/x")}) {
        FaultyServer server([&](tcp::socket& s, const std::string&) {
            send(s, "HTTP/1.1 302 Found\r\nLocation: " + where +
                        "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        auto line = to(server);
        EXPECT_THAT(refusal(line, "a", 100), Refuses(FetchFault::redirect, "")) << where;
        EXPECT_THAT(fetch(line), Refuses(FetchFault::redirect, "")) << where;
    }
    FaultyServer moved([&](tcp::socket& s, const std::string& head) {
        if (head.starts_with("GET /new/")) return send(s, ok(2) + "ok");
        send(s, "HTTP/1.1 301 Moved\r\nLocation: /new/a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    auto line = to(moved);
    EXPECT_EQ(line.bytes("a", 100), "ok") << "redirects within the host are followed";
    FaultyServer circle([&](tcp::socket& s, const std::string&) {
        send(s, "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    auto round = to(circle);
    EXPECT_THAT(refusal(round, "a", 100), Refuses(FetchFault::redirect_loop, ""));
}

TEST_F(ConnectionTest, case_23_a_bad_content_range_starts_over) {
    for (const auto* range :
         {"bytes 0-399999/400000", "bytes 99999-399999/400000", "bytes 100000-399999/500000", "junk"}) {
        folder_.write("staged", bytes_.substr(0, 100'000));
        FaultyServer server([&](tcp::socket& s, const std::string& head) {
            const auto from = range_of(head);
            if (from == 0) return send(s, ok(bytes_.size()) + bytes_);
            send(s, "HTTP/1.1 206 Partial Content\r\nContent-Range: " + std::string(range) +
                        "\r\nContent-Length: " + std::to_string(bytes_.size() - from) +
                        "\r\nConnection: close\r\n\r\n" + bytes_.substr(from));
        });
        auto line = to(server);
        EXPECT_FALSE(fetch(line)) << range;
        EXPECT_EQ(read_file(folder_ / "x", 1U << 20), bytes_) << range;
        EXPECT_EQ(server.heads.size(), 2U) << range;
        fs::remove(folder_ / "x");
    }
}

TEST_F(ConnectionTest, case_24_a_file_that_changed_between_resumes_starts_over) {
    const auto other = std::string(bytes_.size(), 'o');
    int visits = 0;
    FaultyServer server([&](tcp::socket& s, const std::string& head) {
        const auto from = range_of(head);
        if (visits++ == 0) return send(s, ok(other.size(), "ETag: \"one\"\r\n") + other.substr(0, 100'000));
        // The file has changed, so If-Range fails and the whole file comes.
        const bool holds = head.find("If-Range: \"two\"") != std::string::npos;
        send(s, holds ? partial(from, bytes_.size()) + bytes_.substr(from)
                      : ok(bytes_.size(), "ETag: \"two\"\r\n") +
                            bytes_.substr(0, visits == 2 ? 50'000 : bytes_.size()));
    });
    auto line = to(server);
    EXPECT_FALSE(fetch(line));
    EXPECT_EQ(read_file(folder_ / "x", 1U << 20), bytes_);
    ASSERT_GE(server.heads.size(), 3U);
    EXPECT_EQ(header_of(server.heads[1], "If-Range"), "\"one\"");
    EXPECT_EQ(header_of(server.heads[2], "If-Range"), "\"two\"");
}

TEST_F(ConnectionTest, case_25_a_page_where_media_should_be_is_a_sign_in) {
    FaultyServer server([&](tcp::socket& s, const std::string&) {
        send(s, ok(30, "Content-Type: text/html; charset=utf-8\r\n") + std::string(30, '<'));
    });
    auto line = to(server);
    EXPECT_THAT(fetch(line), Refuses(FetchFault::sign_in_page, ""));
    EXPECT_THAT(refusal(line, "metadata/timestamp.json", 1000), Refuses(FetchFault::sign_in_page, ""));
}

TEST_F(ConnectionTest, AServerThatCompressesEverythingIsNamedAsTheCause) {
    std::string asked;
    FaultyServer server([&](tcp::socket& s, const std::string& head) {
        asked = header_of(head, "Accept-Encoding");
        send(s, ok(bytes_.size(), "Content-Encoding: gzip\r\n") + bytes_);
    });
    auto line = to(server);
    EXPECT_THAT(fetch(line), Refuses(FetchFault::encoded, ""));
    EXPECT_EQ(asked, "identity");
}

TEST_F(ConnectionTest, case_26_a_reset_at_every_hundredth_costs_at_most_a_tenth_more) {
    const auto step = bytes_.size() / 100;
    FaultyServer server([&](tcp::socket& s, const std::string& head) {
        const auto from = range_of(head);
        send(s, (from ? partial(from, bytes_.size()) : ok(bytes_.size())) + bytes_.substr(from, step));
        s.set_option(asio::socket_base::linger(false, 0));
    });
    auto line = to(server);
    EXPECT_FALSE(fetch(line));
    EXPECT_EQ(read_file(folder_ / "x", 1U << 20), bytes_);
    EXPECT_GE(server.heads.size(), 100U);
    EXPECT_LE(static_cast<double>(line.received_bytes()), 1.1 * static_cast<double>(bytes_.size()));
}

TEST_F(ConnectionTest, GivesUpAConnectionThatStalls) {
    FaultyServer server([&](tcp::socket& s, const std::string& head) {
        const auto from = range_of(head);
        send(s, (from ? partial(from, bytes_.size()) : ok(bytes_.size())) + bytes_.substr(from, 1));
    });
    auto line = to(server);
    EXPECT_THAT(fetch(line), Refuses(FetchFault::broken, ""));
    EXPECT_LE(server.heads.size(), 4U);
    EXPECT_TRUE(fs::exists(folder_ / "staged"));
}

TEST_F(ConnectionTest, case_28_a_full_disk_purges_what_was_staged) {
    FaultyServer server([&](tcp::socket& s, const std::string&) { send(s, ok(bytes_.size()) + bytes_); });
    auto line = to(server);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    auto small = before;
    small.rlim_cur = 100'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    EXPECT_THROW(static_cast<void>(fetch(line)), DiskFault);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    expect_nothing_staged();
}

constexpr const char* nothing_cleared = R"({"format":1,"country":"TH","clearances":[]})";

TEST_F(ConnectionTest, case_19_another_countrys_target_is_passed_over) {
    const auto now = *from_rfc3339("2026-11-24T06:00:00Z");
    Repository repo(now);
    repo.delegate("targets", {.name = "kh", .paths = {"countries/kh/*"}, .terminating = true});
    repo.delegate("targets", {.name = "th", .paths = {"countries/th/*"}, .terminating = true});
    repo.add_target("th", "countries/th/clearances.json", nothing_cleared);
    const std::string evil =
        R"({"format":1,"country":"TH","clearances":[{"segment":"lure","revision":1,"locales":["th"]}]})";
    repo.add_target("kh", "countries/th/clearances.json", evil);
    repo.add_target("targets", "countries/th/hotlines.json", R"({"format":1,"country":"TH","hotlines":{}})");
    repo.add_target("targets", "../outside.json", "{}");
    repo.publish({"kh", "th", "targets", "snapshot", "timestamp"});
    repo.write_to(folder_ / "tree");
    content::SyncOptions o;
    o.channel_url = "file://" + (folder_ / "tree");
    o.store_root = folder_ / "store";
    o.trusted_root = folder_ / "tree/metadata/1.root.json";
    const auto result = content::sync_channel(o, now, {});
    EXPECT_THAT(result.alarms, Contains(StartsWith("kh: countries/th/clearances.json")));
    EXPECT_THAT(result.alarms, Contains(StartsWith("targets: countries/th/hotlines.json")))
        << "a country's files come from its own role, not from above it";
    EXPECT_THAT(result.alarms, Contains(StartsWith("targets: ../outside.json")));
    const auto set = content::Store(o.store_root).load();
    EXPECT_TRUE(set->catalogue.countries.at("TH").clearances.empty());
}

}  // namespace
}  // namespace riverlight::test
