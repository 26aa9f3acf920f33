//! Real calls, translated at the door.
