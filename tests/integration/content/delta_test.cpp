// What a second visit costs if only a schedule has changed: every byte over the socket is
// counted by the server that sends it.
#include <zlib.h>

#include "tests/integration/content/channel_fixture.hpp"
#include "tests/integration/content/faulty_server.hpp"

namespace riverlight::test {
namespace {

/// gzip (RFC 1952), as a web server packs text for a client that takes it.
std::string packed(const std::string& bytes) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    auto copy = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

class Delta : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        for (int n = 0; n < segments; ++n) add_segment(id(n), "picture " + std::to_string(n));
        write("source/schedules/mekong.toml", schedule_of("km"));
        static_cast<void>(publish());
    }
    static std::string id(int n) { return "segment-" + std::to_string(n); }
    /// A week as partners plan it: bookings that look alike.
    static std::string schedule_of(const std::string& tag) {
        std::string out =
            "format = 1\nname = \"mekong\"\n[[campaign]]\nid = \"c\"\ntitle = \"" + tag + "\"\n";
        for (int n = 0; n < 300; ++n)
            out += "[[campaign.booking]]\nid = \"b" + std::to_string(n) + "\"\nkind = \"fixed\"\nat = \"" +
                   (n / 60 % 24 < 10 ? "0" : "") + std::to_string(n / 60 % 24) + ':' +
                   (n % 60 < 10 ? "0" : "") + std::to_string(n % 60) + ":00\"\nsegments = [\"" +
                   id(n % segments) + "\"]\n";
        return out;
    }
    void answer(tcp::socket& socket, const std::string& head) {
        const auto path = head.substr(4, head.find(' ', 4) - 4);
        std::string body;
        try {
            body = read_file(at("tree") + path, 64U << 20);
        } catch (const Error&) {
            const std::string none =
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            sent_ += none.size();
            return send(socket, none);
        }
        const bool pack = packs_ && head.find("Accept-Encoding: gzip") != std::string::npos;
        if (pack) body = packed(body);
        const auto all = ok(body.size(), pack ? "Content-Encoding: gzip\r\n" : "") + body;
        sent_ += all.size();
        if (path.find("/schedules/") != std::string::npos) schedules_ += all.size();
        if (path.starts_with("/targets/")) targets_ += all.size();
        send(socket, all);
    }
    content::SyncResult sync_over_http() {
        sent_ = schedules_ = targets_ = 0;
        FaultyServer server([this](tcp::socket& s, const std::string& head) { answer(s, head); });
        auto o = options();
        o.channel_url = server.url();
        return content::sync_channel(o, now_, {});
    }
    static constexpr int segments = 30;
    bool packs_ = false;
    std::uint64_t sent_ = 0, schedules_ = 0, targets_ = 0;
};

TEST_F(Delta, AChangedScheduleCostsItsOwnSize) {
    EXPECT_TRUE(sync_over_http().changed);
    const auto first = sent_;
    write("source/schedules/mekong.toml", schedule_of("other words"));
    static_cast<void>(publish());
    const auto size = load()->schedules.at("mekong").size();
    EXPECT_TRUE(sync_over_http().changed);
    EXPECT_EQ(targets_, schedules_) << "only the schedule of the channel's files";
    EXPECT_LE(schedules_, size + 200) << "once, with a header";
    EXPECT_LT(sent_, first);
    std::cout << "schedule " << size << " bytes; second visit " << sent_ << " with metadata, first " << first
              << '\n';
}

TEST_F(Delta, PackedTheWholeVisitWithItsMetadataCostsLessThanTheSchedule) {
    packs_ = true;
    EXPECT_TRUE(sync_over_http().changed);
    write("source/schedules/mekong.toml", schedule_of("other words"));
    static_cast<void>(publish());
    const auto size = load()->schedules.at("mekong").size();
    const auto result = sync_over_http();
    EXPECT_TRUE(result.changed);
    EXPECT_LE(sent_, size);
    EXPECT_EQ(result.bytes, sent_) << "counted as received, not as unpacked";
    std::cout << "schedule " << size << " bytes; second visit " << sent_ << " with metadata\n";
    EXPECT_LT(sync_over_http().bytes, 3000U) << "a visit without news costs almost nothing";
}

TEST_F(Delta, case_16_a_packed_bomb_stops_at_the_cap) {
    const auto bomb = packed(std::string(64U << 20, ' '));
    FaultyServer server([&](tcp::socket& s, const std::string&) {
        send(s, ok(bomb.size(), "Content-Encoding: gzip\r\n") + bomb);
    });
    content::Fetcher line({.base_url = server.url()});
    EXPECT_THAT(
        refused<FetchFault>([&] { static_cast<void>(line.bytes("metadata/timestamp.json", 16'384)); }),
        Refuses(FetchFault::too_long, ""));
}

}  // namespace
}  // namespace riverlight::test
