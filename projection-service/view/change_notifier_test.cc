#include "projection-service/view/change_notifier.h"

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace sothon::projection {
namespace {

constexpr absl::Duration kLong = absl::Minutes(1);

// One answer, and when it came.
struct Answer {
  absl::Notification came;
  absl::Status status;
  ChangeNotifier::Done Taker() {
    return [this](const absl::Status& outcome) {
      status = outcome;
      came.Notify();
    };
  }
};

TEST(ChangeNotifier, WhatIsVisibleIsAnsweredAtOnce) {
  ChangeNotifier notifier({7}, 10);
  Answer answer;
  notifier.Await({7}, absl::InfinitePast(), answer.Taker());
  ASSERT_TRUE(answer.came.HasBeenNotified());
  EXPECT_TRUE(answer.status.ok());
}

TEST(ChangeNotifier, WaitersAreAnsweredWhenTheirPositionIsReached) {
  ChangeNotifier notifier({7}, 10);
  Answer at_nine, at_twelve;
  notifier.Await({12}, absl::Now() + kLong, at_twelve.Taker());
  notifier.Await({9}, absl::Now() + kLong, at_nine.Taker());
  notifier.Advance({8});
  notifier.Advance({10});
  ASSERT_TRUE(at_nine.came.WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(at_nine.status.ok());
  EXPECT_FALSE(at_twelve.came.HasBeenNotified());
  notifier.Advance({12});
  ASSERT_TRUE(at_twelve.came.WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(at_twelve.status.ok());
}

TEST(ChangeNotifier, DeadlinesEndTheWaiting) {
  ChangeNotifier notifier({7}, 10);
  Answer later, sooner;
  notifier.Await({8}, absl::Now() + kLong, later.Taker());
  notifier.Await({8}, absl::Now() + absl::Milliseconds(5), sooner.Taker());
  ASSERT_TRUE(sooner.came.WaitForNotificationWithTimeout(kLong));
  EXPECT_EQ(sooner.status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(later.came.HasBeenNotified());
  notifier.Stop();
  ASSERT_TRUE(later.came.HasBeenNotified());
  EXPECT_EQ(later.status.code(), absl::StatusCode::kUnavailable);
}

TEST(ChangeNotifier, NoMoreWaitThanTheLimit) {
  ChangeNotifier notifier({0}, 1);
  Answer first, second;
  notifier.Await({1}, absl::Now() + kLong, first.Taker());
  notifier.Await({1}, absl::Now() + kLong, second.Taker());
  ASSERT_TRUE(second.came.HasBeenNotified());
  EXPECT_EQ(second.status.code(), absl::StatusCode::kResourceExhausted);
  notifier.Stop();
}

TEST(ChangeNotifier, ListenersAreToldUntilTheyAreGone) {
  struct Listener : ChangeNotifier::Listener {
    absl::Notification advanced, ended;
    void OnAdvance() override {
      if (!advanced.HasBeenNotified()) advanced.Notify();
    }
    void OnEnd() override { ended.Notify(); }
  };
  ChangeNotifier notifier({0}, 1);
  auto stays = std::make_shared<Listener>();
  auto goes = std::make_shared<Listener>();
  EXPECT_TRUE(notifier.Subscribe(stays));
  EXPECT_TRUE(notifier.Subscribe(goes));
  goes.reset();
  notifier.Advance({1});
  ASSERT_TRUE(stays->advanced.WaitForNotificationWithTimeout(kLong));
  notifier.Stop();
  EXPECT_TRUE(stays->ended.HasBeenNotified());
  EXPECT_FALSE(notifier.Subscribe(stays));
}

}  // namespace
}  // namespace sothon::projection
