#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "tools/upload/destination.hpp"

namespace riverlight::upload {

struct UploadReport {
    std::size_t sent = 0, removed = 0;
    std::uint64_t bytes = 0;
};

/// Brings the destination at `address` to the tree in `folder`: sends what it lacks, in an order in which
/// readers see one release or the other (plan_upload), and removes what the tree has no more. An upload that
/// was stopped goes on where it was; the release becomes visible at its end. `tell` gets a line for each
/// file. Blocks for as long as the network takes. Throws UploadError, and Error for a folder that is no tree.
UploadReport upload_tree(const std::string& folder, const std::string& address,
                         const DestinationOptions& options,
                         const std::function<void(const std::string&)>& tell);

/// The same to a destination that is open.
UploadReport upload_tree(const std::string& folder, Destination& destination,
                         const std::function<void(const std::string&)>& tell);

}  // namespace riverlight::upload
