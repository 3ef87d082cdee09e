//! What the stories of the whole site share.
