#include "firmware/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::firmware {
namespace {

using test::AtLine;
using test::Means;
using test::Refuses;
using testing::AllOf;

constexpr auto whole = R"toml(format = 1
state = "/var/lib/riverlight"

[channel]
url = "https://channel.example/kh"
root = "/etc/riverlight/root.json"
check_s = 600

[place]
id = "kh-pp-01"

[[outlet]]
id = "screen"
spec = "window"

[[outlet]]
id = "feed"
spec = ["udp://127.0.0.1:5004?ttl=4", "srt://partner.example:9000?passphrase_file=/etc/riverlight/srt", "hls:"]
service = "ការងារសមរម្យ"
provider = "IOM"
network = "COMMIT"

[office]
url = "https://office.example"
claim_code = "AAAA-BBBB-CCCC-DDDD"

[status]
listen = "0.0.0.0:8080"

[player]
memory_mb = 768
machine_decoder = false
)toml";

constexpr auto start = R"toml(
own_partition = true
[factory]
path = "/usr/share/riverlight/factory"
place = "kh-factory"
[safe_mode]
failed_starts = 3
lasts_s = 60
)toml";

class ConfigTest : public testing::Test {
  protected:
    Config read(const std::string& text) { return read_config(folder_.write("riverlightd.toml", text)); }
    /// What the settings are refused with after `from` became `to`.
    std::optional<ReadError> refusal(const std::string& from, const std::string& to,
                                     std::string text = whole) {
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        return test::unread([&] { static_cast<void>(read(text)); });
    }
    test::Folder folder_;
};

TEST_F(ConfigTest, ReadsEverySetting) {
    const auto c = read(whole);
    EXPECT_EQ(c.state, "/var/lib/riverlight");
    EXPECT_EQ(c.channel.check, std::chrono::minutes(10));
    EXPECT_EQ(c.place, "kh-pp-01");
    ASSERT_EQ(c.outlets.size(), 2U);
    EXPECT_EQ(c.outlets[0].outputs, std::vector<std::string>{"window"});
    EXPECT_EQ(c.outlets[0].profile, "");
    EXPECT_EQ(c.outlets[1].profile, "720p25") << "what a feed is without a word";
    ASSERT_EQ(c.outlets[1].outputs.size(), 3U);
    EXPECT_EQ(c.outlets[1].outputs[2], "hls:/var/lib/riverlight/outlets/feed/hls/");
    EXPECT_EQ(c.outlets[1].hls, "/var/lib/riverlight/outlets/feed/hls");
    EXPECT_EQ(c.outlets[1].service, "ការងារសមរម្យ");
    EXPECT_EQ(c.outlets[1].network, "COMMIT");
    ASSERT_TRUE(c.office);
    EXPECT_EQ(c.office->claim_code, "AAAA-BBBB-CCCC-DDDD");
    EXPECT_EQ(c.listen, "0.0.0.0:8080");
    EXPECT_EQ(c.player.memory_mb, 768);
    EXPECT_FALSE(c.player.machine_decoder);
    EXPECT_TRUE(Config().player.machine_decoder);
}

TEST_F(ConfigTest, NamesTheFileTheTableAndWhatWasProbablyMeant) {
    EXPECT_THAT(refusal("check_s", "chek_s"),
                AllOf(Refuses(ReadFault::unknown, "channel.chek_s"), Means("check_s"),
                      test::Of(folder_ / "riverlightd.toml")));
    EXPECT_THAT(refusal("[office]", "[ofice]"), AllOf(Refuses(ReadFault::unknown, "ofice"), Means("office")));
    EXPECT_THAT(refusal("provider =", "provder ="),
                AllOf(Refuses(ReadFault::unknown, "outlet.2.provder"), Means("provider")));
}

TEST_F(ConfigTest, ARefusalReadsAsFileTableKeyAndSuggestion) {
    const auto unknown = refusal("check_s", "chek_s");
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->what(), folder_ /
                                   "riverlightd.toml: [channel]: 'chek_s' is not a setting (did you "
                                   "mean 'check_s'?)");
}

TEST_F(ConfigTest, PlayersRunAsTheUserThatIsNamed) {
    std::string text = whole;
    EXPECT_EQ(read(text).player.user, "") << "the usual one";
    text.insert(text.find("memory_mb"), "user = \"broadcast\"\n");
    EXPECT_EQ(read(text).player.user, "broadcast");
}

TEST_F(ConfigTest, RefusesWhatCannotWork) {
    EXPECT_THAT(refusal("check_s = 600", "check_s = 1"), Refuses(ReadFault::out_of_range, "channel.check_s"));
    EXPECT_THAT(refusal("id = \"feed\"", "id = \"screen\""), Refuses(ReadFault::duplicate, "outlet.2.id"));
    EXPECT_THAT(refusal("id = \"kh-pp-01\"", "id = \"Phnom Penh\""),
                Refuses(ReadFault::malformed, "place.id"));
    EXPECT_THAT(refusal("format = 1", "format = 2"), Refuses(ReadFault::unsupported, "format"));
    EXPECT_FALSE(refusal("state =", "state ="));
    EXPECT_THAT(refusal("url = \"https://channel", "url = 5 #"),
                Refuses(ReadFault::wrong_type, "channel.url"));
    EXPECT_THAT(refusal("memory_mb = 768", "memory_mb = 255"),
                Refuses(ReadFault::out_of_range, "player.memory_mb"))
        << "no picture fits into that";
}

TEST_F(ConfigTest, APlacesOpenHoursAreLocalAndMayDifferByWeekday) {
    using namespace std::chrono_literals;
    std::string text = whole;
    const std::string line = "id = \"kh-pp-01\"";
    text.replace(text.find(line), line.size(),
                 line +
                     "\nopen = [\"mon-fri 08:00-20:00\", \"sat 09:00-13:00\", \"22:00-02:00\", \"sun-mon "
                     "06:00-07:30\"]");
    const auto open = read(text).open;
    ASSERT_EQ(open.size(), 4U);
    EXPECT_EQ(open[0], (OpenHours{0x1f, {8h, 20h}}));
    EXPECT_EQ(open[1], (OpenHours{0x20, {9h, 13h}}));
    EXPECT_EQ(open[2], (OpenHours{0x7f, {22h, 2h}}));
    EXPECT_EQ(open[3], (OpenHours{0x41, {6h, 7h + 30min}}));
    EXPECT_TRUE(read(whole).open.empty());
    for (const auto* wrong : {"open = \"08:00-20:00\"", "open = []"})
        EXPECT_THAT(refusal(line, line + '\n' + wrong),
                    AllOf(Refuses(ReadFault::wrong_type, "place.open"), AtLine(11)))
            << wrong;
    for (const auto* wrong : {"open = [5]", "open = [\"mo 08:00-20:00\"]", "open = [\"mon-fri\"]",
                              "open = [\"08:00-25:00\"]", "open = [\"08:00-08:00\"]", "open = [\" \"]"})
        EXPECT_THAT(refusal(line, line + '\n' + wrong),
                    AllOf(Refuses(ReadFault::malformed, "place.open"), AtLine(11)))
            << wrong;
}

TEST_F(ConfigTest, OutputsAreLookedAtBeforeAnyIsOpened) {
    EXPECT_THAT(refusal("?ttl=4", "?tll=4"),
                AllOf(Refuses(ReadFault::unknown, "outlet.2.spec.tll"), Means("ttl")));
    EXPECT_THAT(
        refusal("passphrase_file=/etc/riverlight/srt", "passphrase=river-of-light"),
        AllOf(Refuses(ReadFault::misplaced, "outlet.2.spec.passphrase"), test::Hides("river-of-light")));
    EXPECT_THAT(refusal("\"hls:\"", "\"window\""), Refuses(ReadFault::misplaced, "outlet.2.spec"));
    EXPECT_THAT(refusal("\"hls:\"", "\"hls:\", \"hls:/x\""), Refuses(ReadFault::duplicate, "outlet.2.spec"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = \"window\"\nservice = \"x\""),
                Refuses(ReadFault::misplaced, "outlet.1.service"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = []"), Refuses(ReadFault::missing, "outlet.1.spec"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = [1]"), Refuses(ReadFault::wrong_type, "outlet.1.spec"));
    EXPECT_THAT(refusal("\"COMMIT\"", '"' + std::string(100, 'x') + '"'),
                Refuses(ReadFault::too_large, "outlet.2.network"));
}

TEST_F(ConfigTest, FadesAreForScreensThatAskForThem) {
    const std::string screen = "spec = \"window\"", feed = "service =";
    const auto faded = [&](const std::string& words) {
        std::string text = whole;
        return read(text.replace(text.find(screen), screen.size(), screen + '\n' + words)).outlets[0].fade;
    };
    EXPECT_EQ(read(whole).outlets[0].fade, "") << "off unless asked for";
    EXPECT_EQ(faded("fade = \"none\""), "");
    EXPECT_EQ(faded("fade = \"black\""), "black:480");
    EXPECT_EQ(faded("fade = \"black\"\nfade_ms = 1000"), "black:1000");
    EXPECT_THAT(refusal(screen, screen + "\nfade = \"cross\""),
                Refuses(ReadFault::malformed, "outlet.1.fade"));
    EXPECT_THAT(refusal(screen, screen + "\nfade = \"black\"\nfade_ms = 79"),
                Refuses(ReadFault::out_of_range, "outlet.1.fade_ms"));
    EXPECT_THAT(refusal(screen, screen + "\nfade_ms = 500"),
                Refuses(ReadFault::misplaced, "outlet.1.fade_ms"));
    EXPECT_THAT(refusal(feed, "fade = \"black\"\n" + feed), Refuses(ReadFault::misplaced, "outlet.2.fade"));
}

TEST_F(ConfigTest, ReportsGoInTheClearToThisMachineAlone) {
    EXPECT_THAT(refusal("https://office.example", "http://office.example"),
                Refuses(ReadFault::malformed, "office.url"));
    EXPECT_THAT(refusal("https://office.example", "http://127.0.0.1.evil.example"),
                Refuses(ReadFault::malformed, "office.url"));
    for (const auto* near : {"http://127.0.0.1:8800", "http://localhost", "http://[::1]:8800/office"})
        EXPECT_FALSE(refusal("https://office.example", near)) << near;
}

TEST_F(ConfigTest, TheClaimCodeMayLieInAFileOfItsOwn) {
    const auto code = folder_.write("claim", "EEEE-FFFF-GGGG-HHHH\n");
    std::string text = whole;
    const std::string line = "claim_code = \"AAAA-BBBB-CCCC-DDDD\"";
    text.replace(text.find(line), line.size(), "claim_code_file = \"" + code + "\"");
    EXPECT_EQ(read(text).office->claim_code, "EEEE-FFFF-GGGG-HHHH");
    std::filesystem::remove(code);
    EXPECT_EQ(read(text).office->claim_code, "") << "an enrolled board needs it no more";
}

constexpr auto fetching = R"toml(
[sync]
window = ["01:00-05:00", "22:30-24:00"]
rates = [ { window = "06:00-22:00", kbit_s = 512 },
          { kbit_s = 4000 } ]
budget_mb = 500

[nearby]
serve = "0.0.0.0:8790"
find = true
kbit_s = 20000
)toml";

class SyncConfigTest : public ConfigTest {
  protected:
    std::optional<ReadError> with(const std::string& from, const std::string& to) {
        return refusal(from, to, std::string(whole) + fetching);
    }
};

TEST_F(SyncConfigTest, ReadsWhenAndHowFast) {
    using namespace std::chrono_literals;
    const auto c = read(std::string(whole) + fetching);
    EXPECT_THAT(c.sync.windows, testing::ElementsAre(DayWindow{1h, 5h}, DayWindow{22h + 30min, 0min}));
    ASSERT_EQ(c.sync.rates.size(), 2U);
    EXPECT_EQ(c.sync.rates[0].window, (DayWindow{6h, 22h}));
    EXPECT_EQ(c.sync.rates[0].bytes_per_second, 64'000U);
    EXPECT_FALSE(c.sync.rates[1].window);
    EXPECT_EQ(c.sync.budget, 500ULL << 20);
    EXPECT_EQ(c.nearby.serve, "0.0.0.0:8790");
    EXPECT_TRUE(c.nearby.find);
    const auto bare = read(whole);
    EXPECT_TRUE(bare.sync.windows.empty());
    EXPECT_EQ(bare.sync.budget, 0U);
    EXPECT_EQ(bare.nearby.serve, "") << "off unless it is asked for";
    EXPECT_FALSE(bare.nearby.find);
}

TEST_F(SyncConfigTest, AFaultIsToldWithFileLineKeyAndWhatWasMeant) {
    EXPECT_THAT(with("window = [", "windw = ["),
                AllOf(Refuses(ReadFault::unknown, "sync.windw"), AtLine(35), Means("window"),
                      test::Of(folder_ / "riverlightd.toml")));
    EXPECT_THAT(with("01:00-05:00", "1-5"), AllOf(Refuses(ReadFault::malformed, "sync.window"), AtLine(35)));
    for (const auto* bad :
         {"05:00-05:00", "00:00-24:00", "24:00-05:00", "01:60-02:00", "01:00", "25:00-26:00", "+1:00-02:00"})
        EXPECT_THAT(with("01:00-05:00", bad), Refuses(ReadFault::malformed, "sync.window")) << bad;
    EXPECT_THAT(with("kbit_s = 512", "kbit_s = 5"),
                AllOf(Refuses(ReadFault::out_of_range, "sync.rates"), AtLine(36)));
    EXPECT_THAT(with("{ kbit_s = 4000", "{ kbits = 4000"),
                AllOf(Refuses(ReadFault::unknown, "sync.rates.kbits"), AtLine(36), Means("kbit_s")));
    EXPECT_THAT(with("budget_mb = 500", "budget_mb = \"500\""),
                AllOf(Refuses(ReadFault::wrong_type, "sync.budget_mb"), AtLine(38)));
    EXPECT_THAT(with("find = true", "find = 1"),
                AllOf(Refuses(ReadFault::wrong_type, "nearby.find"), AtLine(42)));
    EXPECT_THAT(with("0.0.0.0:8790", "8790"),
                AllOf(Refuses(ReadFault::malformed, "nearby.serve"), AtLine(41)));
}

TEST_F(SyncConfigTest, MirrorsAndTheProxyBelongToTheChannel) {
    const auto login = folder_.write("proxy", "board:river-of-light\n");
    std::string text = whole;
    const std::string line = "check_s = 600\n";
    text.insert(text.find(line) + line.size(),
                "mirrors = [\"https://m.example/kh\", \"file:///srv/kh\"]\nproxy = \"http://proxy:3128\"\n"
                "proxy_login_file = \"" +
                    login + "\"\nno_proxy = [\"intranet\", \"10.0.0.0/8\"]\n");
    const auto c = read(text);
    EXPECT_THAT(c.channel.mirrors, testing::ElementsAre("https://m.example/kh", "file:///srv/kh"));
    EXPECT_EQ(c.channel.proxy.url, "http://proxy:3128");
    EXPECT_EQ(c.channel.proxy.login, "board:river-of-light");
    EXPECT_EQ(c.channel.proxy.bypass, "intranet,10.0.0.0/8");
    EXPECT_THAT(
        refusal("check_s = 600", "proxy = \"http://board:river-of-light@proxy:3128\""),
        AllOf(Refuses(ReadFault::misplaced, "channel.proxy"), AtLine(7), test::Hides("river-of-light")));
    EXPECT_THAT(refusal("check_s = 600", "mirrors = \"m.example\""),
                Refuses(ReadFault::malformed, "channel.mirrors"));
    EXPECT_THAT(refusal("check_s = 600", "proxy_login_file = \"x\""),
                Refuses(ReadFault::misplaced, "channel.proxy_login_file"));
}

TEST_F(ConfigTest, how_a_board_begins) {
    std::string text = whole;
    text.insert(text.find("\n[channel]"), start);
    const auto config = read(text);
    EXPECT_TRUE(config.own_partition);
    EXPECT_EQ(config.factory.path, "/usr/share/riverlight/factory");
    EXPECT_EQ(config.factory.place, "kh-factory");
    EXPECT_EQ(config.safe_mode.failed_starts, 3);
    EXPECT_EQ(config.safe_mode.lasts, std::chrono::seconds(60));
    EXPECT_EQ(config.safe_mode.tries_again, std::chrono::hours(1));
    EXPECT_FALSE(read(whole).own_partition);
    EXPECT_EQ(read(whole).safe_mode.failed_starts, 5);
    const auto with = [](const std::string& table) { return "\n" + table + "\n[channel]"; };
    EXPECT_THAT(refusal("\n[channel]", with("[factory]\npath = \"factory\"")),
                Refuses(ReadFault::malformed, "factory.path"));
    EXPECT_THAT(refusal("\n[channel]", with("[factory]\npath = \"/f\"\nplase = \"x\"")),
                AllOf(Refuses(ReadFault::unknown, "factory.plase"), Means("place")));
    EXPECT_THAT(refusal("\n[channel]", with("[safe_mode]\nfailed_starts = 1")),
                Refuses(ReadFault::out_of_range, "safe_mode.failed_starts"));
}

}  // namespace
}  // namespace riverlight::firmware
