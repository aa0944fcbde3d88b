// What the office signs of its list, published beside a channel's metadata.
#include "tools/publisher/office_head.hpp"

#include "content/audit/audit.hpp"
#include "content/merkle/proofs.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tests/unit/merkle/list.hpp"
#include "tools/upload/upload_plan.hpp"

namespace riverlight {
namespace {

using publisher::HeadStep;
using publisher::PublishFault;
using testing::Contains;
using testing::Not;
using namespace std::chrono_literals;

class OfficeHead : public test::Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
        grow(7);
    }
    void grow(int entries) {
        for (int i = 0; i < entries; ++i) list_.add("record " + std::to_string(list_.size()));
        signed_ += 1h;
    }
    [[nodiscard]] std::string head() const {
        content::TreeHead head;
        head.at = signed_;
        head.size = list_.size();
        head.root = merkle::root(head.size, list_.reader());
        return content::write_tree_head(content::sign_tree_head(head, key_));
    }
    /// Asks the office that keeps `list_`.
    publisher::PublishedHead put(const std::optional<std::string>& key = {}) {
        const publisher::AskOffice ask{
            [this] { return head(); },
            [this](std::uint64_t from, std::uint64_t to) {
                return content::write_growth(merkle::prove_growth(from, to, list_.reader()));
            }};
        return publisher::publish_office_head(publisher::Tree(at("tree")), ask, key, now_);
    }
    [[nodiscard]] std::string published() const {
        return read_file(at("tree/metadata/tree-head.json"), content::longest_tree_head);
    }
    std::vector<std::string> evidence() const {
        std::vector<std::string> out;
        if (!test::fs::exists(at("tree/evidence"))) return out;
        for (const auto& entry : test::fs::directory_iterator(at("tree/evidence")))
            out.push_back(read_file(entry.path(), 64U << 10));
        return out;
    }
    /// The office makes another list of as many entries and `more`.
    void rewrite(int more) {
        const auto size = list_.size();
        list_ = {};
        for (std::uint64_t i = 0; i < size; ++i)
            list_.add(i == 2 ? "another" : "record " + std::to_string(i));
        grow(more);
    }
    void expect_conflict() {
        const auto before = published();
        EXPECT_THAT(
            test::refused<PublishFault>([&] { put(); }),
            testing::Optional(testing::Field(&publisher::PublishError::kind, PublishFault::office_conflict)));
        EXPECT_EQ(published(), before) << "nothing is published";
        const auto kept = evidence();
        ASSERT_EQ(kept.size(), 1U);
        const auto value = parse_json(kept.front(), "evidence");
        const auto& both = value.as_object();
        EXPECT_EQ(canonical_json(both.at("published")), before);
        EXPECT_EQ(canonical_json(both.at("offered")), head());
    }

    merkle::List list_;
    SigningKey key_ = SigningKey::from_seed_hex(std::string(64, '7'));
    Instant signed_ = now_;
};

TEST_F(OfficeHead, TheFirstOneNeedsTheOfficesKey) {
    EXPECT_THAT(
        test::refused<PublishFault>([&] { put(); }),
        testing::Optional(testing::Field(&publisher::PublishError::kind, PublishFault::another_office)));
    EXPECT_THROW(put(SigningKey::generate().public_hex()), Error) << "it is not signed by that one";
    EXPECT_FALSE(test::fs::exists(at("tree/metadata/tree-head.json")));
    EXPECT_EQ(put(key_.public_hex()).step, HeadStep::first);
    EXPECT_EQ(published(), head());
}

TEST_F(OfficeHead, AListThatGrewIsPublishedInPlaceOfTheFormer) {
    put(key_.public_hex());
    EXPECT_EQ(put().step, HeadStep::same);
    grow(5);
    EXPECT_EQ(put().step, HeadStep::grown);
    EXPECT_EQ(published(), head());
    EXPECT_EQ(publisher::published_head(publisher::Tree(at("tree")))->size, 12U);
    EXPECT_TRUE(evidence().empty());
}

TEST_F(OfficeHead, AnotherListOfTheSameLengthIsAConflict) {
    put(key_.public_hex());
    rewrite(0);
    expect_conflict();
}

TEST_F(OfficeHead, AListThatWasMadeAgainIsAConflict) {
    put(key_.public_hex());
    rewrite(9);
    expect_conflict();
}

TEST_F(OfficeHead, AShorterListIsAConflict) {
    grow(5);
    put(key_.public_hex());
    list_ = {};
    grow(4);
    expect_conflict();
}

TEST_F(OfficeHead, AnotherOfficeIsRefused) {
    put(key_.public_hex());
    EXPECT_THAT(
        test::refused<PublishFault>([&] { put(SigningKey::generate().public_hex()); }),
        testing::Optional(testing::Field(&publisher::PublishError::kind, PublishFault::another_office)));
    key_ = SigningKey::generate();
    EXPECT_THROW(put(), Error);
    EXPECT_TRUE(evidence().empty()) << "a stranger's head is no second history of the office";
}

TEST_F(OfficeHead, BoardsReadItWithTheMetadataIfTheyAsk) {
    put(key_.public_hex());
    auto asks = options();
    EXPECT_EQ(sync().tree_head, "");
    asks.wants_tree_head = true;
    EXPECT_EQ(content::sync_channel(asks, now_, {}).tree_head, head());
    test::fs::remove(at("tree/metadata/tree-head.json"));
    EXPECT_EQ(content::sync_channel(asks, now_, {}).tree_head, "") << "a channel without one";
    write("tree/metadata/tree-head.json", std::string(content::longest_tree_head + 1, ' '));
    EXPECT_EQ(content::sync_channel(asks, now_, {}).tree_head, "") << "too long a one ends no visit";
}

TEST_F(OfficeHead, ItIsUploadedAndStaysWhereTheRestIsCleared) {
    put(key_.public_hex());
    EXPECT_THAT(upload::list_tree(at("tree")), Contains(testing::Key("metadata/tree-head.json")));
    EXPECT_THAT(publisher::collect_garbage(publisher::Tree(at("tree")), 0h, true).paths,
                Not(Contains("metadata/tree-head.json")));
    EXPECT_NO_THROW(static_cast<void>(verify()));
}

}  // namespace
}  // namespace riverlight
