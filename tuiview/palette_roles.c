/* SPDX-License-Identifier: MIT
 *
 * Each role is a recipe: which of the six colours, how calm, on which
 * ground, how much contrast.
 */
#include "tuiview/palette_roles.h"

enum {
	B = STYLE_BOLD, D = STYLE_DIM, U = STYLE_UNDERLINE, R = STYLE_REVERSE
};

const struct recipe recipes[ROLE_COUNT] = {
	[ROLE_TEXT] = { "text", NEUTRAL, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_HOST] = { "host", S2, 30, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_ARROW] = { "arrow", S5, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_PROCESS] = { "process", S3, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_TOTAL] = { "total", S1, 55, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_RATE_2S] = { "rate_2s", S2, 0, ON_SCREEN, TEXT, B, B },
	[ROLE_RATE_10S] = { "rate_10s", S4, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_RATE_40S] = { "rate_40s", S5, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_BAR] = { "bar", S6, 0, ON_BAR, LINE, 0, 0 },
	[ROLE_BAR_TEXT] = { "bar_text", NEUTRAL, 0, ON_BAR, TEXT, 0, R },
	[ROLE_BAR_DIM] = { "bar_dim", S6, 0, ON_BAR, LINE, 0, 0 },
	[ROLE_SPARK] = { "spark", S2, 0, ON_SCREEN, LINE, 0, 0 },
	[ROLE_SELECTED] = { "selected", NEUTRAL, 0, ON_SELECTED, TEXT, B,
	    B | U },
	[ROLE_DIM] = { "dim", GREY, 0, ON_SCREEN, TEXT, 0, D },
	[ROLE_LABEL] = { "label", S1, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_PEAK] = { "peak", S4, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_SCALE] = { "scale", S2, 50, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_RULER] = { "ruler", S6, 0, ON_SCREEN, LINE, 0, D },
	[ROLE_BORDER] = { "border", S6, 0, ON_SCREEN, LINE, 0, D },
	[ROLE_TITLE] = { "title", S1, 0, ON_SCREEN, TEXT, B, B },
	[ROLE_SEPARATOR] = { "separator", S6, 0, ON_SCREEN, LINE, 0, D },
	[ROLE_TAB] = { "tab", GREY, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_TAB_ACTIVE] = { "tab_active", S1, 0, ON_SCREEN, TEXT, B, B | R },
	[ROLE_COLUMN] = { "column", S1, 40, ON_SCREEN, TEXT, 0, U },
	[ROLE_COLUMN_SORTED] = { "column_sorted", S1, 0, ON_SCREEN, TEXT,
	    B | U, B | U },
	[ROLE_HEADER] = { "header", NEUTRAL, 0, ON_HEADER, TEXT, 0, R },
	[ROLE_HEADER_NAME] = { "header_name", S1, 0, ON_HEADER, TEXT, B,
	    B | R },
	[ROLE_HEADER_KEY] = { "header_key", S2, 0, ON_HEADER, TEXT, 0, R },
	[ROLE_HEADER_WARN] = { "header_warn", AMBER, 0, ON_HEADER, TEXT, B,
	    B | R },
	[ROLE_POPUP] = { "popup", NEUTRAL, 0, ON_POPUP, TEXT, 0, 0 },
	[ROLE_POPUP_BORDER] = { "popup_border", S1, 0, ON_POPUP, LINE, 0, 0 },
	[ROLE_POPUP_TITLE] = { "popup_title", S1, 0, ON_POPUP, TEXT, B, B },
	[ROLE_POPUP_KEY] = { "popup_key", S2, 0, ON_POPUP, TEXT, 0, B },
	[ROLE_POPUP_DIM] = { "popup_dim", GREY, 0, ON_POPUP, TEXT, 0, D },
	[ROLE_POPUP_HEAD] = { "popup_head", S4, 0, ON_POPUP, TEXT, B, B | U },
	[ROLE_CHOICE] = { "choice", NEUTRAL, 0, ON_CHOICE, STRONG, B, B | R },
	[ROLE_CHOICE_KEY] = { "choice_key", S6, 0, ON_CHOICE, TEXT, 0, R },
	[ROLE_INPUT] = { "input", NEUTRAL, 0, ON_INPUT, TEXT, 0, U },
	[ROLE_INPUT_CURSOR] = { "input_cursor", NEUTRAL, 0, ON_CURSOR, STRONG,
	    0, R },
	[ROLE_MATCH] = { "match", S4, 0, ON_SCREEN, TEXT, B | U, B | U },
	[ROLE_PIN] = { "pin", S4, 0, ON_SCREEN, TEXT, B, B },
	[ROLE_PAUSED] = { "paused", NEUTRAL, 0, ON_PAUSED, STRONG, B, B | R },
	[ROLE_OK] = { "ok", GREEN, 0, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_WARN] = { "warn", AMBER, 0, ON_SCREEN, TEXT, B, B },
	[ROLE_ERROR] = { "error", RED, 0, ON_SCREEN, TEXT, B, B | R },
	[ROLE_ALERT] = { "alert", NEUTRAL, 0, ON_ALERT, STRONG, B, B | R },
	[ROLE_SENT] = { "sent", S2, 15, ON_SCREEN, TEXT, 0, 0 },
	[ROLE_RECEIVED] = { "received", S5, 15, ON_SCREEN, TEXT, 0, 0 },
};

const char *
role_name(enum role role)
{
	return recipes[role].name;
}
