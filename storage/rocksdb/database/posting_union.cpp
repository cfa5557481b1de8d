#include "storage/rocksdb/database/posting_union.hpp"

#include "storage/rocksdb/database/bucket_bits.hpp"
#include "storage/rocksdb/database/slice.hpp"

#include <rocksdb/merge_operator.h>

#include <deque>

namespace leerspoor::storage::engine {

namespace {

// Adds up all that is there in one go: it may be tens of thousands of single offsets.
class PostingUnion final : public rocksdb::MergeOperator {
  public:
    bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
        // What was written once is what it is: nearly every posting, each time that it is read.
        if (in.existing_value == nullptr && in.operand_list.size() == 1) {
            out->existing_operand = in.operand_list.front();
            return true;
        }
        BucketBits bits;
        if (in.existing_value != nullptr && !decode_into(view(*in.existing_value), bits)) return false;
        for (const auto& operand : in.operand_list) {
            if (!decode_into(view(operand), bits)) return false;
        }
        out->new_value = encode(bits);
        return true;
    }
    bool PartialMergeMulti(const rocksdb::Slice& /*key*/, const std::deque<rocksdb::Slice>& operands,
                           std::string* result, rocksdb::Logger* /*logger*/) const override {
        BucketBits bits;
        for (const auto& operand : operands) {
            if (!decode_into(view(operand), bits)) return false;
        }
        *result = encode(bits);
        return true;
    }
    const char* Name() const override { return "leerspoor.posting_union"; }
};

} // namespace

std::shared_ptr<rocksdb::MergeOperator> posting_union() {
    return std::make_shared<PostingUnion>();
}

} // namespace leerspoor::storage::engine
