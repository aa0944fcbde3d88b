// The example of a board's settings is accepted, complete and true.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "content/base/files.hpp"
#include "firmware/config/config.hpp"
#include "firmware/config/settings.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

/// firmware/config/riverlightd.toml.example. A setting that may be left out is a line `#key = value`.
class ExampleSettings : public testing::Test {
  protected:
    [[nodiscard]] Config read(const std::string& text) const {
        return read_config(folder_.write("riverlightd.toml", text));
    }
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
    test::Folder folder_;
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
