"""Wrong outputs of layers on literal numbers."""

from __future__ import annotations

from tests.homework.exam.answers import WrongArray

FOUR = "[[1, 3, 2, 0], [5, 7, 4, 6], [9, 2, 1, 8], [0, 4, 3, 5]]"
THREE = "[[1, 2, 0], [3, 1, 4], [0, 5, 2]]"
KERNEL = "[[1, 2], [0, -1]]"

ARRAYS = (
    WrongArray("max_pool 2", FOUR, "[[4, 3], [3.75, 4.25]]", "the means: 16/4, 12/4, 15/4, 17/4", "mean_for_max"),
    WrongArray("avg_pool 2", FOUR, "[[7, 6], [9, 8]]", "the largest", "max_for_mean"),
    WrongArray("avg_pool 2", FOUR, "[[16, 12], [15, 17]]", "the sums", "sum_not_divided"),
    WrongArray("max_pool 2", FOUR, "[[7, 7, 6], [9, 7, 8], [9, 4, 8]]", "the window moves by one",
               "window_moved_by_one"),
    WrongArray("conv 1 2x2", THREE, "[[6, 4], [2, 11]]",
               "turned by 180°: −1·1 + 0·2 + 2·3 + 1·1 = 6, …", "kernel_flipped", KERNEL, "0"),
    WrongArray("conv 1 2x2", THREE, "[[4, -2], [0, 7]]", "the bias of 10 is missing", "bias_left_out", KERNEL, "10"),
    WrongArray("conv 1 2x2", THREE, "[[24, 18], [20, 27]]", "the bias twice", "bias_added_twice", KERNEL, "10"),
    WrongArray("conv 1 2x2 relu", THREE, "[[4, -2], [0, 7]]", "no ReLU", "activation_forgotten", KERNEL, "0"),
    WrongArray("conv 1 2x2", THREE, "[[4, 0], [-2, 7]]", "columns for rows", "result_transposed", KERNEL, "0"),
    WrongArray("conv 1 2 p1", "[3, 1, 2]", "[5, 5]", "3 + 2·1, 1 + 2·2, without the zeros at the ends",
               "padding_left_out", "[1, 2]", "0"),
    WrongArray("conv 1 3 p1", "[3, 1, 2]", "[8, 7, 6]",
               "the neighbours mirrored at the ends: 1 + 2·3 + 1, 3 + 2·1 + 2, 1 + 2·2 + 1",
               "padding_reflected", "[1, 2, 1]", "0"),
    WrongArray("conv 1 2", "[3, 1, 2]", "[7, 4]", "2·3 + 1·1, 2·1 + 1·2", "kernel_flipped", "[1, 2]", "0"),
    WrongArray("dense 2", "[1, 2]", "[5, 11]", "rows for columns: 1·1 + 2·2, 3·1 + 4·2", "weights_transposed",
               "[[1, 2], [3, 4]]", "[0, 0]"),
)  # fmt: skip
