#include "content/merkle/proofs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/unit/merkle/list.hpp"

namespace riverlight::merkle {
namespace {

constexpr std::uint64_t longest = 70;

Hash root_of(const List& list, std::uint64_t size) {
    return root(size, list.reader());
}

TEST(Inclusion, EachEntryOfEachListIsProved) {
    const auto list = list_of(longest);
    for (std::uint64_t size = 1; size <= longest; ++size)
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(index, size, list.reader());
            ASSERT_TRUE(is_included(list.leaf(index), index, size, root_of(list, size), proof))
                << index << " of " << size;
        }
}

TEST(Inclusion, AProofHoldsForNoOtherEntryPlaceOrRoot) {
    const auto list = list_of(longest);
    for (std::uint64_t size = 1; size <= longest; size += 3)
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(index, size, list.reader());
            const auto whole = root_of(list, size);
            ASSERT_FALSE(is_included(leaf_hash("changed"), index, size, whole, proof));
            ASSERT_FALSE(is_included(list.leaf(index), index, size, root_of(list, size - 1), proof));
            ASSERT_FALSE(is_included(list.leaf(index), size, size, whole, proof));
            if (size > 1) {
                ASSERT_FALSE(is_included(list.leaf(index), (index + 1) % size, size, whole, proof))
                    << index << " of " << size;
            }
        }
}

TEST(Inclusion, AProofThatIsCutChangedOrLongerHoldsForNothing) {
    const auto list = list_of(longest);
    const auto whole = root_of(list, longest);
    for (std::uint64_t index = 0; index < longest; ++index) {
        const auto proof = prove_inclusion(index, longest, list.reader());
        for (std::size_t i = 0; i < proof.size(); ++i) {
            auto changed = proof;
            changed[i].bytes[i] ^= 1;
            ASSERT_FALSE(is_included(list.leaf(index), index, longest, whole, changed));
            changed = proof;
            changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
            ASSERT_FALSE(is_included(list.leaf(index), index, longest, whole, changed));
        }
        auto longer = proof;
        longer.push_back(whole);
        ASSERT_FALSE(is_included(list.leaf(index), index, longest, whole, longer));
    }
}

TEST(Growth, EachListBeginsWithEachShorterOne) {
    const auto list = list_of(longest);
    for (std::uint64_t size = 0; size <= longest; ++size)
        for (std::uint64_t old = 0; old <= size; ++old) {
            const auto proof = prove_growth(old, size, list.reader());
            ASSERT_TRUE(is_grown(old, root_of(list, old), size, root_of(list, size), proof))
                << old << " of " << size;
        }
}

TEST(Growth, AListWhosePastWasChangedIsFoundOut) {
    const auto list = list_of(longest);
    for (std::uint64_t changed = 0; changed < longest; ++changed) {
        List other;
        for (std::uint64_t i = 0; i < longest; ++i)
            other.add(i == changed ? "changed" : "entry " + std::to_string(i));
        for (std::uint64_t old = changed + 1; old <= longest; ++old) {
            const auto proof = prove_growth(old, longest, other.reader());
            ASSERT_FALSE(is_grown(old, root_of(list, old), longest, root_of(other, longest), proof))
                << changed << ", " << old;
        }
    }
}

TEST(Growth, AListThatLostOrGainedAnEntryIsFoundOut) {
    const auto list = list_of(longest);
    for (std::uint64_t lost = 0; lost < longest; ++lost) {
        List shorter, longer;
        for (std::uint64_t i = 0; i < longest; ++i) {
            if (i == lost) longer.add("added");
            longer.add("entry " + std::to_string(i));
            if (i != lost) shorter.add("entry " + std::to_string(i));
        }
        for (const auto* other : {&shorter, &longer})
            for (std::uint64_t old = lost + 1; old <= other->size(); ++old) {
                const auto proof = prove_growth(old, other->size(), other->reader());
                ASSERT_FALSE(is_grown(old, root_of(list, std::min(old, longest)), other->size(),
                                      root_of(*other, other->size()), proof))
                    << lost << ", " << old;
            }
    }
}

TEST(Growth, ASmallerListIsNoGrowth) {
    const auto list = list_of(longest);
    EXPECT_FALSE(is_grown(longest, root_of(list, longest), longest - 1, root_of(list, longest - 1), {}));
}

/// Some entries of a list, by the bits of a number.
struct Some {
    std::vector<std::uint64_t> indexes;
    Leaves leaves;
};
Some some_of(const List& list, std::uint64_t size, std::uint64_t bits) {
    Some some;
    for (std::uint64_t i = 0; i < size; ++i)
        if ((bits >> (i % 64) & 1) != 0) {
            some.indexes.push_back(i);
            some.leaves.emplace(i, list.leaf(i));
        }
    return some;
}

TEST(Inclusions, AnyEntriesOfAListAreProvedTogether) {
    const auto list = list_of(longest);
    EXPECT_TRUE(rc::check([&] {
        const auto size = *rc::gen::inRange<std::uint64_t>(1, longest + 1);
        const auto some = some_of(list, size, *rc::gen::arbitrary<std::uint64_t>());
        const auto proof = prove_inclusions(some.indexes, size, list.reader());
        RC_ASSERT(are_included(some.leaves, size, root_of(list, size), proof));
        std::size_t apart = 0;
        for (const auto index : some.indexes) apart += prove_inclusion(index, size, list.reader()).size();
        if (!some.indexes.empty()) RC_ASSERT(proof.size() <= apart);
    }));
}

TEST(Inclusions, AProofHoldsForNoOtherEntriesHashesOrRoot) {
    const auto list = list_of(longest);
    EXPECT_TRUE(rc::check([&] {
        const auto size = *rc::gen::inRange<std::uint64_t>(2, longest + 1);
        const auto some = some_of(list, size, *rc::gen::arbitrary<std::uint64_t>() | 1);
        const auto whole = root_of(list, size);
        const auto proof = prove_inclusions(some.indexes, size, list.reader());
        const auto at = *rc::gen::elementOf(some.indexes);
        auto changed = some.leaves, without = some.leaves, moved = some.leaves, added = some.leaves;
        changed.at(at) = leaf_hash("changed");
        RC_ASSERT_FALSE(are_included(changed, size, whole, proof));
        without.erase(at);
        RC_ASSERT_FALSE(are_included(without, size, whole, proof));
        moved.erase(at);
        moved.emplace(size, list.leaf(at));
        RC_ASSERT_FALSE(are_included(moved, size, whole, proof));
        added.emplace(size, leaf_hash("added"));
        RC_ASSERT_FALSE(are_included(added, size, whole, proof));
        RC_ASSERT_FALSE(are_included(some.leaves, size, root_of(list, size - 1), proof));
        auto longer = proof;
        longer.push_back(whole);
        RC_ASSERT_FALSE(are_included(some.leaves, size, whole, longer));
        if (!proof.empty()) {
            auto shorter = proof;
            shorter.pop_back();
            RC_ASSERT_FALSE(are_included(some.leaves, size, whole, shorter));
        }
    }));
}

// Proofs come from a network: whatever they hold, a check ends and says no.
TEST(Proofs, AnyHashesProveNothing) {
    const auto list = list_of(longest);
    EXPECT_TRUE(rc::check([&] {
        const auto size = *rc::gen::inRange<std::uint64_t>(2, longest + 1);
        const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
        std::vector<Hash> proof;
        for (const auto& entry :
             *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>()))
            proof.push_back(leaf_hash(entry));
        RC_ASSERT_FALSE(is_included(list.leaf(index), index, size, root_of(list, size), proof));
        if (index > 0)
            RC_ASSERT_FALSE(is_grown(index, root_of(list, index), size, root_of(list, size), proof));
    }));
}

}  // namespace
}  // namespace riverlight::merkle
