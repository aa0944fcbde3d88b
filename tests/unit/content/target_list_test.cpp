#include "content/channel/target_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"

namespace riverlight::content {
namespace {

TEST(TargetList, ReturnsEntriesSortedByPath) {
    std::map<std::string, FileFacts> all{
        {"media/b", {3, sha256_hex("b"), {}, true}},
        {"media/a", {0, sha256_hex("a"), sha512_hex("a"), true}},
        {"a", {7, {}, sha512_hex("x"), true}},
        {"z/ខ", {1LL << 51, {}, {}, true}},  // hashed, but none of a kind known here
        {"", {1, {}, {}, false}},
    };
    TargetList list;
    for (auto at = all.rbegin(); at != all.rend(); ++at) list.add(at->first, at->second);
    list.close();
    ASSERT_EQ(list.size(), all.size());
    auto expected = all.begin();
    for (const auto& [path, facts] : list) {
        EXPECT_EQ(path, expected->first);
        EXPECT_EQ(facts, expected->second) << path;
        ++expected;
    }
    for (const auto& [path, facts] : all) EXPECT_EQ(list.find(path), facts) << path;
    for (const std::string none : {"media/", "media/c", "b", "media/a ", "zz"}) {
        EXPECT_FALSE(list.contains(none)) << none;
        EXPECT_FALSE(list.find(none)) << none;
    }
}

TEST(TargetList, RefusesDuplicateAndOverlongPaths) {
    TargetList list;
    list.add("x", {});
    list.add("y", {});
    list.add("x", {});
    EXPECT_THROW(list.close(), Error);
    TargetList other;
    EXPECT_THROW(other.add(std::string(65'536, 'x'), {}), Error);
}

TEST(TargetList, CanBeEmpty) {
    TargetList list;
    list.close();
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.begin(), list.end());
    EXPECT_FALSE(list.contains(""));
}

}  // namespace
}  // namespace riverlight::content
