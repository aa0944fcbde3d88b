// What a channel's upload sends, and in which order.
#include "tools/upload/upload_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>

#include "tests/support/folder.hpp"
#include "tools/upload/sent_record.hpp"
#include "tools/upload/upload.hpp"

namespace riverlight::upload {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Files tree{
    {"metadata/1.root.json", {900, 10}},          {"metadata/2.root.json", {950, 90}},
    {"metadata/3.snapshot.json", {300, 50}},      {"metadata/3.targets.json", {800, 40}},
    {"metadata/timestamp.json", {200, 60}},       {"targets/media/aa.aa.mp4", {5000, 70}},
    {"targets/segments/bb.spot.json", {400, 80}},
};

TEST(UploadPlanTest, what_metadata_refer_to_comes_first_and_what_readers_ask_for_last) {
    EXPECT_THAT(plan_upload(tree, {}).put,
                ElementsAre("targets/media/aa.aa.mp4", "targets/segments/bb.spot.json",
                            "metadata/3.snapshot.json", "metadata/3.targets.json", "metadata/1.root.json",
                            "metadata/timestamp.json", "metadata/2.root.json"));
}

TEST(UploadPlanTest, roots_and_timestamp_keep_the_order_in_which_they_were_written) {
    auto stolen = tree;  // the root goes first
    stolen["metadata/2.root.json"].written_us = 55;
    const auto put = plan_upload(stolen, {}).put;
    EXPECT_EQ(put.at(put.size() - 2), "metadata/2.root.json");
    EXPECT_EQ(put.back(), "metadata/timestamp.json");
}

TEST(UploadPlanTest, only_what_changed_is_sent_and_what_is_gone_is_removed) {
    EXPECT_EQ(plan_upload(tree, tree), UploadPlan{});
    auto sent = tree;
    sent["metadata/timestamp.json"].written_us = 59;
    sent["targets/media/aa.aa.mp4"].bytes = 4999;
    sent["targets/media/old.mp4"] = {1, 1};
    const auto plan = plan_upload(tree, sent);
    EXPECT_THAT(plan.put, ElementsAre("targets/media/aa.aa.mp4", "metadata/timestamp.json"));
    EXPECT_THAT(plan.remove, ElementsAre("targets/media/old.mp4"));
}

RC_GTEST_PROP(UploadPlanProperty, any_prefix_of_a_plan_is_a_tree_that_readers_can_use, ()) {
    Files files, sent;
    for (const auto& [path, state] : tree) {
        files[path] = {*rc::gen::inRange<std::uint64_t>(0, 3), *rc::gen::inRange<std::int64_t>(0, 5)};
        if (*rc::gen::arbitrary<bool>()) sent[path] = files[path];
    }
    const auto plan = plan_upload(files, sent);
    bool visible = false;  // a file that readers ask for was sent
    for (const auto& path : plan.put) {
        const bool last = path == "metadata/timestamp.json" || path.ends_with(".root.json");
        RC_ASSERT(last || !visible);
        visible = visible || last;
    }
    for (const auto& path : plan.put) sent[path] = files.at(path);
    for (const auto& path : plan.remove) sent.erase(path);
    RC_ASSERT(sent == files);
}

/// A destination that keeps what it was given, and fails when asked to.
class Shelf : public Destination {
  public:
    explicit Shelf(std::string name = "s3://bucket") : name_(std::move(name)) {}
    [[nodiscard]] std::string name() const override { return name_; }
    void put(const Upload& upload) override {
        if (left_ == 0) throw UploadError(UploadFault::unreachable, upload.path, "was not sent");
        --left_;
        put_.push_back(upload.path);
    }
    void remove(const std::string& path) override { removed_.push_back(path); }
    std::string name_;
    std::size_t left_ = 1000;
    std::vector<std::string> put_, removed_;
};

class UploadTest : public testing::Test {
  protected:
    UploadTest() {
        for (const auto& [path, state] : tree) {
            const auto file = std::filesystem::path(folder_ / path);
            std::filesystem::create_directories(file.parent_path());
            static_cast<void>(folder_.write(path, std::string(state.bytes, 'x')));
            set_written(path, state.written_us);
        }
    }
    void set_written(const std::string& path, std::int64_t at) const {
        std::filesystem::last_write_time(folder_ / path,
                                         std::filesystem::file_time_type(std::chrono::microseconds(at)));
    }
    UploadReport upload() {
        return upload_tree(folder_.path(), shelf_, [](const auto&) {});
    }
    test::Folder folder_;
    Shelf shelf_;
};

TEST_F(UploadTest, an_upload_that_broke_goes_on_where_it_was) {
    shelf_.left_ = 3;
    EXPECT_THROW(upload(), UploadError);
    EXPECT_EQ(shelf_.put_.size(), 3U);
    shelf_.left_ = 1000;
    EXPECT_EQ(upload().sent, 4U);
    EXPECT_EQ(shelf_.put_.back(), "metadata/2.root.json");
    EXPECT_EQ(upload().sent, 0U);
}

TEST_F(UploadTest, another_destination_and_a_lost_record_get_everything) {
    EXPECT_EQ(upload().sent, 7U);
    Shelf other("s3://other");
    EXPECT_EQ(upload_tree(folder_.path(), other, [](const auto&) {}).sent, 7U);
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        if (entry.path().filename().string().starts_with(".sent-"))
            static_cast<void>(folder_.write(entry.path().filename().string(), "{"));
    EXPECT_EQ(upload().sent, 7U);
}

TEST_F(UploadTest, what_the_tree_has_no_more_is_removed_once) {
    upload();
    std::filesystem::remove(folder_ / "targets/media/aa.aa.mp4");
    EXPECT_EQ(upload().removed, 1U);
    EXPECT_THAT(shelf_.removed_, ElementsAre("targets/media/aa.aa.mp4"));
    EXPECT_EQ(upload().removed, 0U);
}

TEST_F(UploadTest, unfinished_and_foreign_files_stay_here) {
    static_cast<void>(folder_.write("metadata/4.targets.json.Ab12Cd", "half"));
    static_cast<void>(folder_.write("targets/media/cc.cc.mp4.Ab12Cd", "half"));
    static_cast<void>(folder_.write(".lock", ""));
    std::filesystem::create_symlink("/etc/passwd", folder_ / "targets/link.json");
    EXPECT_EQ(upload().sent, 7U);
}

TEST_F(UploadTest, a_media_file_with_a_long_ending_is_no_unfinished_one) {
    static_cast<void>(
        folder_.write("targets/media/" + std::string(64, 'a') + '.' + std::string(64, 'a') + ".webvtt", "x"));
    EXPECT_EQ(upload().sent, 8U);
}

TEST(DestinationTest, the_same_bucket_of_another_provider_is_another_place) {
    ::setenv("AWS_ACCESS_KEY_ID", "a", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "b", 1);
    const auto name = [] { return open_destination("s3://tree/pmo/", {})->name(); };
    const auto first = name();
    ::setenv("AWS_ENDPOINT_URL", "https://objects.example", 1);
    EXPECT_EQ(name(), "https://objects.example/tree/pmo/");
    EXPECT_NE(name(), first);
    for (const auto* variable : {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
        ::unsetenv(variable);
    EXPECT_EQ(open_destination("x/../there", {})->name(), std::filesystem::current_path() / "there");
}

TEST(DestinationTest, addresses_are_checked) {
    const auto fault = [](const std::string& address) {
        try {
            static_cast<void>(open_destination(address, {}));
        } catch (const UploadError& e) {
            return e.kind;
        }
        return UploadFault::vanished;
    };
    ::unsetenv("AWS_ACCESS_KEY_ID");
    EXPECT_EQ(fault("ftp://host/x"), UploadFault::address);
    EXPECT_EQ(fault("s3://bucket/x"), UploadFault::credentials);
    EXPECT_EQ(fault("sftp://me:secret@host/x"), UploadFault::address);
    EXPECT_EQ(fault("sftp://host"), UploadFault::address);
    ::setenv("AWS_ACCESS_KEY_ID", "a", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "b", 1);
    EXPECT_EQ(fault("s3://"), UploadFault::address);
    ::unsetenv("AWS_ACCESS_KEY_ID");
    ::unsetenv("AWS_SECRET_ACCESS_KEY");
}

TEST(UploadPlanTest, caches_ask_again_for_what_is_replaced_under_its_name) {
    for (const auto* path : {"metadata/timestamp.json", "metadata/tree-head.json"})
        EXPECT_STREQ((Upload{path, {}, {}}.cache_control()), "no-cache");
    for (const auto* path : {"metadata/1.root.json", "targets/media/aa.aa.mp4"})
        EXPECT_STRNE((Upload{path, {}, {}}.cache_control()), "no-cache");
}

}  // namespace
}  // namespace riverlight::upload
