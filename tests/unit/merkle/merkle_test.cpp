#include "content/merkle/merkle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "tests/unit/merkle/list.hpp"

namespace riverlight::merkle {
namespace {

// The entries and roots that implementations of Certificate Transparency check themselves by.
TEST(Merkle, HasTheRootsOfOtherImplementations) {
    const std::vector<std::string> entries = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    const std::vector<std::string> roots = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    List list;
    EXPECT_EQ(to_hex(root(0, list.reader())), sha256_hex(""));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        list.add(riverlight::from_hex(entries[i]));
        EXPECT_EQ(to_hex(root(list.size(), list.reader())), roots[i]) << list.size();
    }
}

TEST(Merkle, EverySizeHasTheRootThatIsDefined) {
    const auto list = list_of(130);
    for (std::uint64_t size = 1; size <= list.size(); ++size)
        EXPECT_EQ(root(size, list.reader()), defined_root(list.leaves().first(size))) << size;
}

TEST(Merkle, AnEntryCompletesEachSubtreeThatEndsWithIt) {
    const auto list = list_of(8);
    const auto read = list.reader();
    EXPECT_EQ(append(0, list.leaf(0), read).size(), 1U);
    EXPECT_EQ(append(1, list.leaf(1), read).size(), 2U);
    EXPECT_EQ(append(6, list.leaf(6), read).size(), 1U);
    const auto last = append(7, list.leaf(7), read);
    ASSERT_EQ(last.size(), 4U);
    EXPECT_EQ(last.back().position, (Position{3, 0}));
    EXPECT_EQ(last.back().hash, root(8, read));
}

TEST(Merkle, AHashReadsBackAndNothingElseIsOne) {
    const auto hash = leaf_hash("entry");
    EXPECT_EQ(parse_hash(to_hex(hash)), hash);
    auto upper = to_hex(hash);
    upper[0] = 'A';
    for (const auto& bad : {std::string(), to_hex(hash).substr(1), to_hex(hash) + "0", upper})
        EXPECT_THROW((void)parse_hash(bad), Error) << bad;
}

}  // namespace
}  // namespace riverlight::merkle
