// Which boards get a version: shares of many boards, and documents that anybody may have written.
#include "content/update/waves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "content/base/json.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::content {
namespace {

using test::Refuses;
using ::testing::ElementsAre;

const std::string kind = "riverlight-amd64-uefi";

SystemVersion version(std::string_view text) {
    return SystemVersion::parse(text).value();
}

Wave make_wave(std::string_view name, int share = 0) {
    return {.version = version(name), .sha256 = std::string(64, 'a'), .bytes = 300'000'000, .share = share};
}

std::string board(int number) {
    return "kh-" + std::to_string(number);
}

/// How many of the boards kh-0 to kh-9999 are in the wave.
int count(const Wave& wave) {
    int boards = 0;
    for (int n = 0; n < 10'000; ++n) boards += is_in_wave(wave, {board(n), {}}) ? 1 : 0;
    return boards;
}

TEST(WavesTest, a_share_is_that_share_of_many_boards) {
    for (const auto* name : {"0.1.0", "0.2.0", "0.2.0+20261130013049"})
        for (const int share : {1, 5, 10, 25, 50, 75, 99})
            EXPECT_NEAR(count(make_wave(name, share)), share * 100, 100) << name << ' ' << share;
    EXPECT_EQ(count(make_wave("0.1.0", 0)), 0);
    EXPECT_EQ(count(make_wave("0.1.0", 100)), 10'000);
}

TEST(WavesTest, a_growing_share_only_gains_boards) {
    for (int n = 0; n < 1'000; ++n) {
        bool was = false;
        for (int share = 0; share <= 100; ++share) {
            const bool is = is_in_wave(make_wave("0.2.0", share), {board(n), {}});
            ASSERT_TRUE(is || !was) << board(n) << " left at " << share;
            was = is;
        }
    }
}

TEST(WavesTest, versions_begin_with_other_boards) {
    std::set<int> first, second;
    for (int n = 0; n < 10'000; ++n) {
        if (is_in_wave(make_wave("0.1.0", 10), {board(n), {}})) first.insert(n);
        if (is_in_wave(make_wave("0.2.0", 10), {board(n), {}})) second.insert(n);
    }
    int both = 0;
    for (const int n : first) both += second.contains(n) ? 1 : 0;
    EXPECT_NEAR(both, 100, 60) << "a tenth of a tenth";
}

TEST(WavesTest, a_board_keeps_its_position) {
    EXPECT_EQ(wave_position("kh-1", version("0.1.0")), 4093);
    EXPECT_EQ(wave_position("kh-1", version("0.2.0")), 7807);
}

TEST(WavesTest, places_and_tags_are_in_whatever_the_share) {
    auto wave = make_wave("0.2.0");
    EXPECT_FALSE(is_in_wave(wave, {"kh-1", {"pilot"}}));
    wave.places = {"kh-1"};
    EXPECT_TRUE(is_in_wave(wave, {"kh-1", {}}));
    EXPECT_FALSE(is_in_wave(wave, {"kh-2", {"clinic"}}));
    wave.tags = {"pilot", "clinic"};
    EXPECT_TRUE(is_in_wave(wave, {"kh-2", {"rural", "clinic"}}));
    EXPECT_FALSE(is_in_wave(wave, {"kh-2", {"rural"}}));
}

/// A document with everything that it can have, and its bytes, which never change.
Waves full() {
    auto held = make_wave("0.2.0+20261130013049", 10);
    held.sha256 = std::string(64, 'b');
    held.places = {"kh-1", "kh-2"};
    held.tags = {"pilot"};
    held.start = from_rfc3339("2026-12-01T00:00:00Z");
    held.patience = std::chrono::days(0);
    held.hold = "screens stay dark";
    return {kind, {make_wave("0.1.0", 100), held}};
}
const std::string full_text =
    R"({"compatible":"riverlight-amd64-uefi","format":1,"waves":[)"
    R"({"bytes":300000000,"places":[],"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
    R"("share":100,"tags":[],"version":"0.1.0","within_days":7},)"
    R"({"bytes":300000000,"hold":"screens stay dark","places":["kh-1","kh-2"],)"
    R"("sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","share":10,)"
    R"("start":"2026-12-01T00:00:00.000000Z","tags":["pilot"],"version":"0.2.0+20261130013049","within_days":0}]})";

TEST(WavesTest, a_document_is_read_back_to_the_same) {
    EXPECT_EQ(write_waves(full()), full_text);
    EXPECT_EQ(parse_waves(full_text, "waves.json", kind), full());
    EXPECT_EQ(parse_waves(write_waves({kind, {}}), "waves.json", kind), (Waves{kind, {}}));
}

TEST(WavesTest, waves_are_in_the_order_of_their_versions) {
    const auto waves =
        parse_waves(write_waves({kind, {make_wave("0.10"), make_wave("0.9")}}), "waves.json", kind);
    ASSERT_EQ(waves.waves.size(), 2U);
    EXPECT_EQ(waves.waves.front().version, version("0.9"));
    EXPECT_EQ(waves.find(version("0.10")), &waves.waves[1]);
    EXPECT_EQ(waves.find(version("0.11")), nullptr);
}

/// The full document with one text in place of another, read.
std::optional<ReadError> bent(const std::string& from, const std::string& to) {
    auto text = full_text;
    const auto at = text.find(from);
    if (at == text.npos) throw std::logic_error("no " + from);
    text.replace(at, from.size(), to);
    return test::unread([&] { static_cast<void>(parse_waves(text, "waves.json", kind)); });
}

TEST(WavesTest, hostile_documents_are_refused_at_their_key) {
    EXPECT_THAT(bent("\"format\":1", "\"format\":2"), Refuses(ReadFault::unsupported, "format"));
    EXPECT_THAT(bent("riverlight-amd64-uefi", "riverlight-arm64"),
                Refuses(ReadFault::misplaced, "compatible"));
    EXPECT_THAT(bent("riverlight-amd64-uefi", "../../etc"), Refuses(ReadFault::malformed, "compatible"));
    EXPECT_THAT(bent("\"version\":\"0.1.0\"", "\"version\":\"0.2.0+20261130013049\""),
                Refuses(ReadFault::duplicate, "waves.2.version"));
    EXPECT_THAT(bent("\"version\":\"0.1.0\"", "\"version\":\"latest\""),
                Refuses(ReadFault::malformed, "waves.1.version"));
    EXPECT_THAT(bent("aaaa\"", "aaa/\""), Refuses(ReadFault::malformed, "waves.1.sha256"));
    EXPECT_THAT(bent("aaaa\"", "AAAA\""), Refuses(ReadFault::malformed, "waves.1.sha256"));
    EXPECT_THAT(bent("\"bytes\":300000000", "\"bytes\":0"),
                Refuses(ReadFault::out_of_range, "waves.1.bytes"));
    EXPECT_THAT(bent("\"bytes\":300000000", "\"bytes\":1073741825"),
                Refuses(ReadFault::out_of_range, "waves.1.bytes"));
    EXPECT_THAT(bent("\"share\":100", "\"share\":101"), Refuses(ReadFault::out_of_range, "waves.1.share"));
    EXPECT_THAT(bent("\"share\":100", "\"share\":-1"), Refuses(ReadFault::out_of_range, "waves.1.share"));
    EXPECT_THAT(bent("\"share\":100", "\"share\":\"all\""), Refuses(ReadFault::wrong_type, "waves.1.share"));
    EXPECT_THAT(bent("\"share\":100,", ""), Refuses(ReadFault::missing, "waves.1.share"));
    EXPECT_THAT(bent("\"within_days\":7", "\"within_days\":91"),
                Refuses(ReadFault::out_of_range, "waves.1.within_days"));
    EXPECT_THAT(bent("\"kh-1\"", "\"kh 1\""), Refuses(ReadFault::malformed, "waves.2.places"));
    EXPECT_THAT(bent("\"pilot\"", "\"\""), Refuses(ReadFault::malformed, "waves.2.tags"));
    EXPECT_THAT(bent("2026-12-01T00", "2026-13-01T00"), Refuses(ReadFault::malformed, "waves.2.start"));
    EXPECT_THAT(bent("screens stay dark", "dark\\u0007"), Refuses(ReadFault::malformed, "waves.2.hold"));
    EXPECT_THAT(bent("screens stay dark", ""), Refuses(ReadFault::malformed, "waves.2.hold"));
    EXPECT_THAT(bent("\"share\":100", "\"sharing\":1,\"share\":100"),
                Refuses(ReadFault::unknown, "waves.1.sharing"));
    EXPECT_TRUE(bent("\"waves\":[", "\"waves\":[[[[[[[["));
}

TEST(WavesTest, large_documents_are_refused) {
    Waves many{kind, {}};
    for (std::size_t n = 0; n <= most_waves; ++n) many.waves.push_back(make_wave("1." + std::to_string(n)));
    EXPECT_THAT(test::unread([&] { static_cast<void>(parse_waves(write_waves(many), "waves.json", kind)); }),
                Refuses(ReadFault::too_large, "waves"));
    many.waves.pop_back();
    EXPECT_EQ(parse_waves(write_waves(many), "waves.json", kind).waves.size(), most_waves);
    EXPECT_THAT(
        test::unread([&] {
            static_cast<void>(parse_waves(full_text + std::string(longest_waves, ' '), "waves.json", kind));
        }),
        Refuses(ReadFault::too_large, ""));
}

TEST(WavesTest, kinds_of_boards_name_folders) {
    EXPECT_EQ(waves_target(kind), "images/riverlight-amd64-uefi/waves.json");
    EXPECT_EQ(bundle_target("a", "b"), "images/a/b.raucb");
    for (const auto* bad : {"", "-a", "a-", "A", "a/b", "a.b", "..", "a b"})
        EXPECT_FALSE(is_compatible(bad)) << bad;
    EXPECT_FALSE(is_compatible(std::string(65, 'a')));
}

}  // namespace
}  // namespace riverlight::content
