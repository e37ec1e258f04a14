#include "net/http_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
