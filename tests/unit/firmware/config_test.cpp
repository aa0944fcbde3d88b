#include "firmware/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "content/base/files.hpp"
#include "firmware/config/settings.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::HasSubstr;

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
    std::string refusal(const std::string& from, const std::string& to) {
        std::string text = whole;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        try {
            static_cast<void>(read(text));
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
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
                AllOf(HasSubstr("riverlightd.toml: [channel]"), HasSubstr("'chek_s'"), HasSubstr("check_s")));
    EXPECT_THAT(refusal("[office]", "[ofice]"), AllOf(HasSubstr("'ofice'"), HasSubstr("office")));
    EXPECT_THAT(refusal("provider =", "provder ="), AllOf(HasSubstr("outlet 2"), HasSubstr("provider")));
}

TEST_F(ConfigTest, RefusesWhatCannotWork) {
    EXPECT_THAT(refusal("check_s = 600", "check_s = 1"), HasSubstr("check_s"));
    EXPECT_THAT(refusal("id = \"feed\"", "id = \"screen\""), HasSubstr("its own"));
    EXPECT_THAT(refusal("id = \"kh-pp-01\"", "id = \"Phnom Penh\""), HasSubstr("no place's id"));
    EXPECT_THAT(refusal("format = 1", "format = 2"), HasSubstr("format"));
    EXPECT_THAT(refusal("state =", "state ="), HasSubstr("accepted"));
    EXPECT_THAT(refusal("url = \"https://channel", "url = 5 #"), HasSubstr("url"));
    EXPECT_THAT(refusal("memory_mb = 768", "memory_mb = 12"), AllOf(HasSubstr("[player]"), HasSubstr("256")))
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
    for (const auto* wrong :
         {"open = \"08:00-20:00\"", "open = []", "open = [5]", "open = [\"mo 08:00-20:00\"]",
          "open = [\"mon-fri\"]", "open = [\"08:00-25:00\"]", "open = [\"08:00-08:00\"]", "open = [\" \"]"})
        EXPECT_THAT(refusal(line, line + '\n' + wrong),
                    AllOf(HasSubstr("riverlightd.toml:"), HasSubstr("[place] open"),
                          HasSubstr("mon-fri 08:00-20:00")))
            << wrong;
}

TEST_F(ConfigTest, OutputsAreLookedAtBeforeAnyIsOpened) {
    EXPECT_THAT(refusal("?ttl=4", "?tll=4"), AllOf(HasSubstr("outlet 2"), HasSubstr("did you mean 'ttl'")));
    EXPECT_THAT(refusal("passphrase_file=/etc/riverlight/srt", "passphrase=river-of-light"),
                AllOf(HasSubstr("passphrase_file"), testing::Not(HasSubstr("river-of-light"))));
    EXPECT_THAT(refusal("\"hls:\"", "\"window\""), HasSubstr("a screen has one"));
    EXPECT_THAT(refusal("\"hls:\"", "\"hls:\", \"hls:/x\""), HasSubstr("two HLS"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = \"window\"\nservice = \"x\""),
                HasSubstr("are for feeds"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = []"), HasSubstr("empty list"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = [1]"), HasSubstr("list of texts"));
    EXPECT_THAT(refusal("\"COMMIT\"", '"' + std::string(100, 'x') + '"'), HasSubstr("99 bytes"));
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
                AllOf(HasSubstr("outlet 1"), HasSubstr("\"black\"")));
    EXPECT_THAT(refusal(screen, screen + "\nfade = \"black\"\nfade_ms = 79"), HasSubstr("fade_ms"));
    EXPECT_THAT(refusal(screen, screen + "\nfade_ms = 500"), HasSubstr("add fade"));
    EXPECT_THAT(refusal(feed, "fade = \"black\"\n" + feed),
                AllOf(HasSubstr("outlet 2"), HasSubstr("fade is for screens"), HasSubstr("always cut")));
}

TEST_F(ConfigTest, ReportsGoInTheClearToThisMachineAlone) {
    EXPECT_THAT(refusal("https://office.example", "http://office.example"),
                HasSubstr("must begin with https://"));
    EXPECT_THAT(refusal("https://office.example", "http://127.0.0.1.evil.example"),
                HasSubstr("must begin with https://"));
    for (const auto* near : {"http://127.0.0.1:8800", "http://localhost", "http://[::1]:8800/office"})
        EXPECT_EQ(refusal("https://office.example", near), "accepted") << near;
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
    std::string with(const std::string& from, const std::string& to) {
        std::string text = std::string(whole) + fetching;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        try {
            static_cast<void>(read(text));
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
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

TEST_F(SyncConfigTest, AFaultIsToldWithFileLineKeyWhatIsAllowedAndWhatWasMeant) {
    EXPECT_THAT(with("window = [", "windw = ["),
                AllOf(HasSubstr("riverlightd.toml:35: [sync] windw"), HasSubstr("window, rates, budget_mb"),
                      HasSubstr("did you mean 'window'")));
    EXPECT_THAT(with("01:00-05:00", "1-5"),
                AllOf(HasSubstr("riverlightd.toml:35: [sync] window '1-5'"), HasSubstr("01:00-05:00")));
    for (const auto* bad :
         {"05:00-05:00", "00:00-24:00", "24:00-05:00", "01:60-02:00", "01:00", "25:00-26:00", "+1:00-02:00"})
        EXPECT_THAT(with("01:00-05:00", bad), HasSubstr("is no window of a day")) << bad;
    EXPECT_THAT(with("kbit_s = 512", "kbit_s = 5"),
                AllOf(HasSubstr("riverlightd.toml:36: [sync] rates"), HasSubstr("from 128")));
    EXPECT_THAT(with("{ kbit_s = 4000", "{ kbits = 4000"),
                AllOf(HasSubstr("'kbits'"), HasSubstr("did you mean 'kbit_s'")));
    EXPECT_THAT(with("budget_mb = 500", "budget_mb = \"500\""),
                AllOf(HasSubstr("riverlightd.toml:38: [sync] budget_mb"), HasSubstr("whole number from 1")));
    EXPECT_THAT(with("find = true", "find = 1"),
                HasSubstr("riverlightd.toml:42: [nearby] find must be true"));
    EXPECT_THAT(with("0.0.0.0:8790", "8790"), HasSubstr("[nearby] serve '8790' must be an address"));
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
    EXPECT_THAT(refusal("check_s = 600", "proxy = \"http://board:river-of-light@proxy:3128\""),
                AllOf(HasSubstr("riverlightd.toml:7: [channel] proxy"), HasSubstr("proxy_login_file"),
                      testing::Not(HasSubstr("river-of-light"))));
    EXPECT_THAT(refusal("check_s = 600", "mirrors = \"m.example\""), HasSubstr("[channel] mirrors must be"));
    EXPECT_THAT(refusal("check_s = 600", "proxy_login_file = \"x\""), HasSubstr("needs proxy"));
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
    EXPECT_THAT(refusal("\n[channel]", with("[factory]\npath = \"factory\"")), HasSubstr("must be absolute"));
    EXPECT_THAT(refusal("\n[channel]", with("[factory]\npath = \"/f\"\nplase = \"x\"")),
                HasSubstr("did you mean 'place'"));
    EXPECT_THAT(refusal("\n[channel]", with("[safe_mode]\nfailed_starts = 1")), HasSubstr("failed_starts"));
}

/// firmware/config/riverlightd.toml.example. A setting that may be left out is a line `#key = value`.
class ExampleSettings : public ConfigTest {
  protected:
    struct Line {
        std::string text;   ///< without the `#` of a setting that is left out
        std::string above;  ///< the comment lines right above it
        std::string table;  ///< `channel`; empty: the top level
        bool left_out = false;
        [[nodiscard]] std::string key() const { return text.substr(0, text.find(' ')); }
        [[nodiscard]] bool is_setting() const { return !text.empty() && text[0] != '[' && text[0] != '#'; }
    };

    ExampleSettings() {
        // A login must be in a file that can be read.
        const auto login = folder_.write("proxy-login", "board:password\n");
        const std::string named = "/etc/riverlight/proxy-login";
        std::istringstream text(read_file(EXAMPLE_SETTINGS, 1U << 20));
        std::string comment, table;
        for (std::string line; std::getline(text, line);) {
            if (const auto at = line.find(named); at != line.npos) line.replace(at, named.size(), login);
            if (line.starts_with("# ") || line == "#") {
                comment += line.substr(1);
                lines_.push_back({line, "", table});
                continue;
            }
            const bool left_out = line.starts_with('#');
            if (left_out) line.erase(0, 1);
            if (line.starts_with('['))
                table =
                    line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
            lines_.push_back({line, comment, table, left_out});
            comment.clear();
        }
    }
    /// The file's text with the lines that `active` chooses among those that are left out.
    template <class Active>
    [[nodiscard]] std::string with(const Active& active) const {
        std::string text;
        for (const auto& line : lines_)
            text += (line.left_out && !active(line) ? "#" : "") + line.text + '\n';
        return text;
    }
    std::vector<Line> lines_;
};

TEST_F(ExampleSettings, are_accepted_as_they_are_and_with_every_setting) {
    const auto least = read(with([](const auto&) { return false; }));
    EXPECT_EQ(least.place, "kh-pp-01");
    EXPECT_FALSE(least.office);
    // fade_ms needs a fade; a screen's default is none.
    auto text = with([](const auto&) { return true; });
    text.replace(text.find("fade = \"none\""), 13, "fade = \"black\"");
    const auto all = read(text);
    EXPECT_EQ(all.outlets.size(), 2U);
    EXPECT_EQ(all.outlets[0].fade, "black:480");
    EXPECT_EQ(all.channel.proxy.login, "board:password");
    EXPECT_EQ(all.sync.rates.size(), 2U);
    EXPECT_EQ(all.office->claim_code, "AAAA-BBBB-CCCC-DDDD");
}

TEST_F(ExampleSettings, show_every_key_that_the_parser_knows) {
    for (const auto& table : every_setting())
        for (const auto& key : table.keys) {
            const bool shown = std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
                if (table.name.empty() && line.text.starts_with('[')) return line.table == key;
                if (table.name == "sync.rates")
                    return line.table == "sync" && line.key() == "rates" &&
                           line.text.find(std::string(key) + " = ") != std::string::npos;
                return line.table == table.name && line.key() == key;
            });
            EXPECT_TRUE(shown) << "[" << table.name << "] " << key << " is missing from the example file";
        }
}

TEST_F(ExampleSettings, explain_every_key_and_show_true_defaults) {
    const auto least = read(with([](const auto&) { return false; }));
    std::size_t defaults = 0;
    for (const auto& line : lines_) {
        if (!line.is_setting()) continue;
        EXPECT_TRUE(line.key() == "id" || !line.above.empty()) << line.text << " has no explanation";
        const auto value = line.text.substr(line.text.find("= ") + 2);
        if (!line.left_out || line.key() == "fade_ms" ||
            line.above.find("Default: " + value + '.') == std::string::npos)
            continue;
        ++defaults;
        const auto table = line.table;
        EXPECT_EQ(read(with([&](const Line& other) {
                      return (other.text == line.text && other.table == table) ||
                             (other.text == '[' + table + ']');
                  })),
                  least)
            << line.text << " is not the default";
    }
    EXPECT_GE(defaults, 12U);
}

}  // namespace
}  // namespace riverlight::firmware
