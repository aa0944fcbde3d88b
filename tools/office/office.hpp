#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/base/crypto.hpp"
#include "content/http/reply.hpp"
#include "tools/office/client_address.hpp"
#include "tools/office/leadership.hpp"
#include "tools/office/office_threads.hpp"
#include "tools/office/plan_keeper.hpp"
#include "tools/office/router.hpp"

namespace riverlight::office {

struct OfficeSettings {
    std::string state_folder;  ///< holds office.db, office.key, channel/
    std::string channel_url, trusted_root, ca_file;
    std::string zone = "Asia/Bangkok";  ///< IANA: whose today a page opens on
    bool behind_tls = false;  ///< a TLS proxy forwards requests: browsers use HTTPS alone from then on
    /// Addresses of proxies whose X-Forwarded-For counts. Empty: this machine's own behind TLS, else none.
    std::vector<std::string> proxies{};
    std::chrono::milliseconds channel_every{60'000};  ///< how often it looks for a new release
    std::chrono::milliseconds look_every{
        10'000};  ///< how often it looks whether an hour is over, and who leads
    /// Called with the time of each look, on another thread, once the plans of then are stored. May be empty.
    std::function<void(Instant)> on_looked{};
};

/// The proxies that the settings name.
[[nodiscard]] NamedProxies proxies_of(const OfficeSettings& settings);

/// `<folder>/office.key`, which signs receipts; made on first use.
[[nodiscard]] SigningKey load_office_key(const std::string& folder);
/// The same for the office that serves these records. They know which key signs for them: boards accept the
/// receipts of no other one. Throws Error that says what to do where the folder has another key, or none.
[[nodiscard]] SigningKey load_serving_key(OfficeStore& store, const std::string& folder, Instant now);

/// Puts the parts of the office together and keeps its plans up to date. README.md, "Who may touch what",
/// says which thread does what. More than 12 members: one for each part.
class Office {
  public:
    /// Throws Error if the state folder cannot be used. `now` is called from any thread. The loop outlives
    /// the office.
    Office(boost::asio::io_context& loop, const OfficeSettings& settings, std::function<Instant()> now);
    ~Office();
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;
    Office(Office&&) = delete;
    Office& operator=(Office&&) = delete;

    /// Answers from another thread. From any thread; never waits.
    void answer(http::Request request, const http::Reply& reply);
    /// The same for one who waits for it.
    [[nodiscard]] http::Response answer(const http::Request& request);
    /// What is under way ends, what waits is dropped: boards send again. On the loop's thread.
    void stop();
    [[nodiscard]] bool is_fetching() const { return channel_.is_fetching(); }

  private:
    struct Guest;
    [[nodiscard]] Services services_on(const OfficeStore& records);
    [[nodiscard]] StoreReaders::Lease take_records(const Guest& guest);
    void begin(const std::shared_ptr<Guest>& guest);
    void end(Guest& guest, const PendingWrite& written, const std::exception_ptr& fault);
    void send(const Guest& guest, http::Response response) const;
    [[nodiscard]] PlaceFacts facts_of(const OfficeStore& records, const std::string& place) const;
    void file_airings();
    void look_after(const std::string& place);
    void look_after_later(const std::string& place);
    void plan_next();
    void leave_to_leader(const std::string& place);
    void lead();
    void look();
    void tell_looked(Instant at);
    void tell_when_planned(Instant at);

    const OfficeSettings settings_;
    std::function<Instant()> now_;
    OfficeStore store_;  ///< on the writing thread alone
    StoreReaders readers_;
    SigningKey key_;
    NamedProxies proxies_;
    OfficeThreads threads_;
    Writer writer_;
    Access access_;
    ChannelFollower channel_;
    PlanKeeper plans_;         ///< on the writing thread, for which that of planning waits
    Leadership leadership_;    ///< on the planning thread
    bool is_leading_ = false;  ///< the same: when it was last asked
    bool has_next_ = false;    ///< on the planning thread: its next step waits there
    Reception reception_;
    boost::asio::steady_timer look_timer_;
    std::optional<Instant> planned_;        ///< when it last was
    std::atomic<bool> is_telling_ = false;  ///< on_looked() waits for the plans
};

}  // namespace riverlight::office
