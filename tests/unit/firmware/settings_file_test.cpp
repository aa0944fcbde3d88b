// Settings that cannot be read: the last good copy, else what can be read of them.
#include "firmware/config/settings_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class SettingsFileTest : public testing::Test {
  protected:
    SettingsFileTest() {
        fs::create_directory(state_);
        write(text_);
    }
    void write(const std::string& text) const { folder_.write("riverlightd.toml", text); }
    [[nodiscard]] Settings load() const { return load_settings(file_, {}); }
    [[nodiscard]] std::string with(const std::string& from, const std::string& to) const {
        auto text = text_;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    }
    test::Folder folder_;
    std::string state_ = folder_ / "kept here", file_ = folder_ / "riverlightd.toml",
                text_ = "format = 1\nstate = \"" + state_ + R"("
[channel]
url = "https://channel.example/kh"
root = "/etc/riverlight/root.json"
check_s = 60
[place]
id = "kh-pp-01"
[[outlet]]
id = "hall"
spec = "null"
[status]
listen = "127.0.0.1:9999"
[factory]
path = "/loop"
)";
};

TEST_F(SettingsFileTest, GoodSettingsAreTakenAndKept) {
    const auto settings = load();
    EXPECT_EQ(settings.source, SettingsSource::file);
    EXPECT_THAT(settings.fault, IsEmpty());
    keep_settings(settings);
    struct stat s {};
    ASSERT_EQ(::stat((state_ + "/settings.json").c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 0777, 0600U) << "a claim code may be in it";
}

TEST_F(SettingsFileTest, ACopyTakesTheirPlaceHoweverTheyAreDamaged) {
    const auto good = load();
    keep_settings(good);
    for (std::size_t cut = 0; cut < text_.size(); cut += 7) {
        SCOPED_TRACE("cut at " + std::to_string(cut));
        write(text_.substr(0, cut));
        const auto settings = load_settings(file_, state_);
        if (settings.source == SettingsSource::file) continue;  // what is left is enough
        EXPECT_EQ(settings.source, SettingsSource::last_good);
        EXPECT_EQ(settings.config, good.config);
        EXPECT_FALSE(settings.fault.empty());
    }
    write(with("check_s", "chekc_s"));
    EXPECT_EQ(load().source, SettingsSource::last_good) << "by its own line `state`";
    fs::remove(file_);
    EXPECT_EQ(load_settings(file_, state_ + ":/elsewhere").source, SettingsSource::last_good);
}

TEST_F(SettingsFileTest, AStateFolderBesideTheFileIsFound) {
    fs::rename(state_, folder_ / "state");
    write(with(state_, folder_ / "state"));
    keep_settings(load());
    write("");
    EXPECT_EQ(load().source, SettingsSource::last_good);
}

TEST_F(SettingsFileTest, BadSettingsDoNotReplaceTheCopy) {
    keep_settings(load());
    write(with("check_s", "chekc_s"));
    keep_settings(load());
    EXPECT_EQ(load().config.channel.check, std::chrono::seconds(60));
    write(with("check_s = 60", "check_s = 90"));
    keep_settings(load());
    write("");
    EXPECT_EQ(load_settings(file_, state_).config.channel.check, std::chrono::seconds(90));
}

TEST_F(SettingsFileTest, ACopyThatIsNotWhatWasWrittenOrOfAnotherFileIsNotUsed) {
    keep_settings(load());
    const auto copy = state_ + "/settings.json";
    std::ifstream in(copy, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    in.close();
    write("");
    const auto load_with = [&](std::string text) {
        std::ofstream(copy, std::ios::binary | std::ios::trunc) << text;
        return load_settings(file_, state_).source;
    };
    EXPECT_EQ(load_with(bytes), SettingsSource::last_good);
    auto flipped = bytes;
    flipped[flipped.find("hall")] ^= 1;
    EXPECT_EQ(load_with(flipped), SettingsSource::salvaged);
    EXPECT_EQ(load_with(bytes.substr(0, bytes.size() / 2)), SettingsSource::salvaged);
    std::ofstream(copy, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(load_settings(folder_.write("other.toml", ""), state_).source, SettingsSource::salvaged);
}

TEST_F(SettingsFileTest, WithoutACopyWhatCanBeReadIsUsed) {
    write(with("check_s", "chekc_s"));
    const auto settings = load();
    EXPECT_EQ(settings.source, SettingsSource::salvaged);
    EXPECT_EQ(settings.config.state, state_);
    EXPECT_EQ(settings.config.place, "kh-pp-01");
    ASSERT_EQ(settings.config.outlets.size(), 1);
    EXPECT_EQ(settings.config.outlets[0].id, "hall");
    EXPECT_THAT(settings.config.outlets[0].outputs, ElementsAre("null"));
    EXPECT_EQ(settings.config.listen, "127.0.0.1:9999");
    EXPECT_EQ(settings.config.factory.path, "/loop");
    EXPECT_THAT(settings.config.channel.url, IsEmpty()) << "a channel that may be mistyped is not followed";
}

TEST_F(SettingsFileTest, OfASyntaxErrorTheTablesBeforeItAreUsed) {
    write(with("[status]", "[status"));
    const auto settings = load();
    EXPECT_EQ(settings.config.place, "kh-pp-01");
    EXPECT_EQ(settings.config.outlets.at(0).id, "hall");
    EXPECT_EQ(settings.config.listen, Config().listen);
}

TEST_F(SettingsFileTest, WithNothingThereIsAScreen) {
    for (const auto* text : {"", "\xff\xfe", "[[[[[", "= = ="}) {
        write(text);
        const auto settings = load_settings(file_, state_);
        EXPECT_EQ(settings.source, SettingsSource::salvaged);
        EXPECT_EQ(settings.config.state, state_);
        ASSERT_EQ(settings.config.outlets.size(), 1);
        EXPECT_THAT(settings.config.outlets[0].outputs, ElementsAre("drm"));
        EXPECT_THAT(settings.config.place, IsEmpty());
        EXPECT_EQ(settings.config.factory.path, default_factory);
    }
}

TEST_F(SettingsFileTest, SaysWhenTheFileCanBeReadAgain) {
    EXPECT_TRUE(can_read_settings(file_));
    write("x");
    EXPECT_FALSE(can_read_settings(file_));
    fs::remove(file_);
    EXPECT_FALSE(can_read_settings(file_));
}

}  // namespace
}  // namespace riverlight::firmware
