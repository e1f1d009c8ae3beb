//! Nothing: what the benches share is the feature `bench` of `centurion`, as it is for benches elsewhere. A package has to
//! have something beside benches.
