#include "content/audit/audit.hpp"

#include <gtest/gtest.h>

#include "content/base/error.hpp"
#include "content/merkle/proofs.hpp"
#include "tests/support/folder.hpp"
#include "tests/unit/merkle/list.hpp"

namespace riverlight::content {
namespace {

std::string hash_of(std::int64_t seq) {
    return sha256_hex("record " + std::to_string(seq));
}

/// An office that keeps a list of one board's records.
struct ListKeeper {
    merkle::List list;
    SigningKey key = SigningKey::from_seed_hex(std::string(64, '7'));

    void add(std::int64_t seq, const std::string& hash) { list.add(tree_entry("b-1", "e-1", seq, hash)); }
    [[nodiscard]] TreeHead head() const {
        TreeHead head;
        head.at = Instant(std::chrono::hours(1));
        head.size = list.size();
        head.root = merkle::root(head.size, list.reader());
        return sign_tree_head(head, key);
    }
    [[nodiscard]] AuditAnswer answer(const AuditRequest& request, std::optional<std::uint64_t> index) const {
        AuditAnswer out;
        out.head = head();
        out.index = index;
        if (index) out.inclusion = merkle::prove_inclusion(*index, list.size(), list.reader());
        if (request.seen <= list.size())
            out.growth = merkle::prove_growth(request.seen, list.size(), list.reader());
        return out;
    }
};

ListKeeper keeper_of(std::int64_t records) {
    ListKeeper out;
    for (std::int64_t seq = 1; seq <= records; ++seq) out.add(seq, hash_of(seq));
    return out;
}
AuditRequest request_of(std::int64_t seq, std::uint64_t seen) {
    return {"b-1", "e-1", seq, hash_of(seq), seen};
}

TEST(TreeHead, ReadsBackAndIsTheOfficesAlone) {
    const auto office = keeper_of(5);
    const auto head = office.head();
    const auto text = write_tree_head(head);
    EXPECT_EQ(parse_tree_head(text, office.key.public_hex()), head);
    EXPECT_THROW((void)parse_tree_head(text, SigningKey::generate().public_hex()), Error);
    auto larger = head;
    ++larger.size;
    EXPECT_THROW((void)parse_tree_head(write_tree_head(larger), office.key.public_hex()), Error);
}

TEST(TreeHead, OfAnyOfficeIsWhatThatOfficeSigned) {
    const test::Folder folder;
    const auto head = keeper_of(5).head();
    EXPECT_EQ(read_tree_head(folder.write("head.json", write_tree_head(head))), head);
    auto another = head;
    another.office = SigningKey::generate().public_hex();
    auto larger = head;
    ++larger.size;
    for (const auto& forged : {another, larger})
        EXPECT_THROW((void)read_tree_head(folder.write("head.json", write_tree_head(forged))), Error);
    EXPECT_THROW((void)read_tree_head(folder.write("head.json", std::string(longest_tree_head + 1, ' '))),
                 Error);
    EXPECT_THROW((void)read_tree_head(folder / "none.json"), Error);
}

TEST(Audit, RequestsAndAnswersReadBack) {
    const auto office = keeper_of(9);
    const auto request = request_of(3, 4);
    const auto read = parse_audit_request(write_audit_request(request));
    EXPECT_EQ(read.board, request.board);
    EXPECT_EQ(read.epoch, request.epoch);
    EXPECT_EQ(read.seq, request.seq);
    EXPECT_EQ(read.hash, request.hash);
    EXPECT_EQ(read.seen, request.seen);
    const auto answer = office.answer(request, 2);
    const auto back = parse_audit_answer(write_audit_answer(answer), office.key.public_hex());
    EXPECT_EQ(back.head, answer.head);
    EXPECT_EQ(back.index, answer.index);
    EXPECT_EQ(back.inclusion, answer.inclusion);
    EXPECT_EQ(back.growth, answer.growth);
    const auto none =
        parse_audit_answer(write_audit_answer(office.answer(request, std::nullopt)), office.key.public_hex());
    EXPECT_EQ(none.index, std::nullopt);
}

TEST(Audit, AnOfficeThatOnlyAddedHoldsEverything) {
    auto office = keeper_of(4);
    const auto seen = office.head();
    for (std::int64_t seq = 5; seq <= 40; ++seq) office.add(seq, hash_of(seq));
    for (std::int64_t seq = 1; seq <= 40; ++seq) {
        const auto request = request_of(seq, seen.size);
        const auto answer = office.answer(request, static_cast<std::uint64_t>(seq - 1));
        EXPECT_EQ(check(request, answer, seen), AuditResult::holds) << seq;
    }
}

TEST(Audit, ADroppedRecordIsFoundOut) {
    const auto office = keeper_of(4);
    EXPECT_EQ(check(request_of(5, 0), office.answer(request_of(5, 0), std::nullopt), {}),
              AuditResult::dropped);
    EXPECT_EQ(check(request_of(5, 0), office.answer(request_of(5, 0), 3), {}), AuditResult::dropped);
}

TEST(Audit, AnEditedRecordIsFoundOut) {
    ListKeeper office;
    for (std::int64_t seq = 1; seq <= 9; ++seq) office.add(seq, seq == 4 ? hash_of(400) : hash_of(seq));
    const auto request = request_of(4, 0);
    EXPECT_EQ(check(request, office.answer(request, 3), {}), AuditResult::dropped);
}

TEST(Audit, AListThatWasMadeAgainIsFoundOutByEachBoardThatSawIt) {
    const auto seen = keeper_of(9).head();
    ListKeeper after;
    for (std::int64_t seq = 1; seq <= 20; ++seq)
        if (seq != 6) after.add(seq, hash_of(seq));
    // The board's own record is still there: it is another's that was taken out.
    const auto request = request_of(2, seen.size);
    EXPECT_EQ(check(request, after.answer(request, 1), seen), AuditResult::rewritten);
}

TEST(Audit, AnAddedRecordBeforeTheHeadIsFoundOut) {
    const auto seen = keeper_of(9).head();
    ListKeeper after;
    after.add(77, hash_of(77));
    for (std::int64_t seq = 1; seq <= 9; ++seq) after.add(seq, hash_of(seq));
    const auto request = request_of(2, seen.size);
    EXPECT_EQ(check(request, after.answer(request, 2), seen), AuditResult::rewritten);
}

TEST(Audit, AShorterListIsFoundOut) {
    const auto seen = keeper_of(9).head();
    const auto after = keeper_of(8);
    const auto request = request_of(2, seen.size);
    EXPECT_EQ(check(request, after.answer(request, 1), seen), AuditResult::shrunk);
}

TEST(Audit, AProofOfGrowthReadsBack) {
    const auto office = keeper_of(9);
    const auto growth = merkle::prove_growth(4, 9, office.list.reader());
    EXPECT_EQ(parse_growth(write_growth(growth)), growth);
    for (const auto* bad : {"", "{}", R"({"format":2,"growth":[]})", R"({"format":1,"growth":[7]})",
                            R"({"format":1,"growth":["x"]})", R"({"format":1,"growth":[],"more":1})"})
        EXPECT_THROW((void)parse_growth(bad), Error) << bad;
}

TEST(Audit, EachResultReadsBack) {
    for (const auto result : {AuditResult::holds, AuditResult::dropped, AuditResult::rewritten,
                              AuditResult::shrunk, AuditResult::other_history})
        EXPECT_EQ(parse_audit_result(to_text(result)), result);
}

TEST(Audit, WhatIsMalformedIsRefused) {
    const auto office = keeper_of(9);
    const auto key = office.key.public_hex();
    const auto good = write_audit_answer(office.answer(request_of(3, 4), 2));
    EXPECT_NO_THROW((void)parse_audit_answer(good, key));
    for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
             {"\"format\":1,\"growth\"", "\"format\":2,\"growth\""},
             {"\"index\":2", "\"index\":-2"},
             {"\"index\":2", "\"index\":\"2\""},
             {"\"inclusion\":[\"", "\"inclusion\":[\"x"},
             {"\"inclusion\":[\"", "\"inclusion\":[7,\""}}) {
        auto bad = good;
        const auto at = bad.find(what);
        ASSERT_NE(at, std::string::npos) << what;
        bad.replace(at, what.size(), with);
        EXPECT_THROW((void)parse_audit_answer(bad, key), Error) << with;
    }
}

}  // namespace
}  // namespace riverlight::content
