#include "firmware/start/optional_part.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

struct Thing {
    int uses = 0;
};

class OptionalPartTest : public testing::Test {
  protected:
    OptionalPart<Thing>::Make make() {
        return [this] {
            ++tries_;
            if (broken_) throw std::runtime_error(why_);
            return std::make_unique<Thing>();
        };
    }
    MonotonicTime now_{1h};
    OptionalPart<Thing> part_{BoardPart::nearby};
    bool broken_ = false;
    std::string why_ = "in use";
    int tries_ = 0;
};

TEST_F(OptionalPartTest, APartThatIsNotWantedIsAbsentWithoutAFault) {
    part_.retry(now_);
    EXPECT_EQ(part_.get(), nullptr);
    EXPECT_EQ(part_.fault(), std::nullopt);
}

TEST_F(OptionalPartTest, AFailureStaysInsideAndIsTold) {
    broken_ = true;
    EXPECT_NO_THROW(part_.begin(now_, make()));
    EXPECT_EQ(part_.get(), nullptr);
    EXPECT_EQ(part_.fault(), (PartFault{BoardPart::nearby, "in use"}));
}

TEST_F(OptionalPartTest, ItIsTriedAgainLessAndLessOften) {
    broken_ = true;
    part_.begin(now_, make());
    std::vector<std::chrono::seconds> waits;
    auto last = now_;
    for (auto at = now_; at < now_ + 30min; at += 1s) {
        const auto before = tries_;
        part_.retry(at);
        if (tries_ == before) continue;
        waits.push_back(std::chrono::duration_cast<std::chrono::seconds>(at - last));
        last = at;
    }
    EXPECT_THAT(waits, testing::ElementsAre(5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s, 300s, 300s));
}

TEST_F(OptionalPartTest, OnceItRunsTheFaultIsOverAndTheNextOneIsTriedSoon) {
    broken_ = true;
    part_.begin(now_, make());
    part_.retry(now_ += 5s);
    broken_ = false;
    part_.retry(now_ += 10s);
    ASSERT_NE(part_.get(), nullptr);
    EXPECT_EQ(part_.fault(), std::nullopt);
    part_.retry(now_ += 1h);
    EXPECT_EQ(tries_, 3) << "it runs";
    part_.use(now_, [](Thing&) { throw std::runtime_error("at work"); });
    EXPECT_EQ(part_.get(), nullptr);
    EXPECT_EQ(part_.fault(), (PartFault{BoardPart::nearby, "at work"}));
    part_.retry(now_ += 5s);
    EXPECT_NE(part_.get(), nullptr);
}

TEST_F(OptionalPartTest, OnlyAPartThatIsThereWorks) {
    int worked = 0;
    part_.use(now_, [&](Thing&) { ++worked; });
    EXPECT_EQ(worked, 0);
    part_.begin(now_, make());
    part_.use(now_, [&](Thing& thing) { worked = ++thing.uses; });
    EXPECT_EQ(worked, 1);
    part_.end();
    part_.retry(now_ + 1h);
    EXPECT_EQ(part_.get(), nullptr);
}

}  // namespace
}  // namespace riverlight::firmware
